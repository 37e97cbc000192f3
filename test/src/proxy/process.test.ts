import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { startScriptedEngine } from './scripted-engine.ts'
import { processEnvironment } from '../support/process-environment.ts'

const mainFile = fileURLToPath(new URL('../../../services/proxy/src/main.ts', import.meta.url))
const faultyServer = fileURLToPath(new URL('faulty-server.process.ts', import.meta.url))

interface ProxyProcess {
  readonly url: URL
  readonly operationsUrl: string
  readonly log: readonly Readonly<Record<string, unknown>>[]
  readonly exited: Promise<number | null>
  readonly stop: (how: 'SIGTERM' | 'stdin') => void
}

const start = async (test: TestContext, engineSocket: string): Promise<ProxyProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-proxy-'))
  const serversFile = join(folder, 'servers.json')
  await writeFile(
    serversFile,
    JSON.stringify({ faulty: { transport: 'stdio', command: process.execPath, args: [faultyServer] } }),
  )
  const child = spawn(process.execPath, [mainFile], {
    env: {
      ...processEnvironment(),
      CORDON_EXIT_WITH_STDIN: 'true',
      CORDON_PROXY_PORT: '0',
      CORDON_ENGINE_SOCKET: engineSocket,
      CORDON_SERVERS_FILE: serversFile,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  // Its output ends with it.
  const exited = once(child, 'close').then(([code]) => code as number | null)
  test.after(async () => {
    child.kill('SIGKILL')
    await exited
    await rm(folder, { recursive: true, force: true })
  })
  const log: Readonly<Record<string, unknown>>[] = []
  createInterface({ input: child.stdout }).on('line', line =>
    log.push(JSON.parse(line) as Readonly<Record<string, unknown>>),
  )
  await eventually('the proxy listens', () => log.some(({ msg }) => msg === 'proxy listening'), 30_000)
  const { port, operationsPort } = log.find(({ msg }) => msg === 'proxy listening')!
  return {
    url: new URL(`http://127.0.0.1:${Number(port)}/mcp/faulty`),
    operationsUrl: `http://127.0.0.1:${Number(operationsPort)}`,
    log,
    exited,
    stop: how => void (how === 'SIGTERM' ? child.kill('SIGTERM') : child.stdin.end()),
  }
}

const statusOf = async (url: string): Promise<number> => {
  const response = await fetch(url)
  await response.text()
  return response.status
}

const assertNoComplaint = ({ log }: ProxyProcess): void =>
  assert.deepEqual(
    log.filter(({ level }) => level !== 'info'),
    [],
  )

test('ready while the engine is there, alive anyway; a healthy start complains of nothing', async context => {
  const engine = await startScriptedEngine(context)
  const proxy = await start(context, engine.socketPath)
  await eventually('it is ready', async () => (await statusOf(`${proxy.operationsUrl}/readyz`)) === 200)
  assertNoComplaint(proxy)
  await engine.stop()
  await eventually('it is not ready', async () => (await statusOf(`${proxy.operationsUrl}/readyz`)) === 503)
  assert.equal(await statusOf(`${proxy.operationsUrl}/livez`), 200)
  const metrics = await (await fetch(`${proxy.operationsUrl}/metrics`)).text()
  assert.match(metrics, /cordon_proxy_engine_connections 0/)
})

test('SIGTERM answers what is open, turns new requests away, and ends every child', async context => {
  const engine = await startScriptedEngine(context)
  const proxy = await start(context, engine.socketPath)
  const { client } = await connectOverHttp(context, proxy.url, 'alice')
  const { content } = await client.callTool({ name: 'pid', arguments: {} })
  const pid = Number((content as { text: string }[])[0]!.text)
  const open = client.callTool({ name: 'slow', arguments: {} })
  await eventually('the call is forwarded', () => engine.calls.length === 2)
  proxy.stop('SIGTERM')
  assert.deepEqual((await open).content, [{ type: 'text', text: 'at last' }])
  assert.equal(await proxy.exited, 0)
  assert.throws(() => process.kill(pid, 0), /ESRCH/)
  assert.equal(engine.outcomes.length, 2)
  assertNoComplaint(proxy)
})

test('ends with its launcher', async context => {
  const engine = await startScriptedEngine(context)
  const proxy = await start(context, engine.socketPath)
  proxy.stop('stdin')
  assert.equal(await proxy.exited, 0)
  assertNoComplaint(proxy)
})
