import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { isRunning, openWorkplace, startStack, type Stack } from '@cordon/infra'

import { connectOverHttp, type Agent } from '../proxy/agent.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnBroker } from '../support/own-broker.ts'
import { wholeStack } from './whole-stack.ts'

const promisedMs = 15_000
const staleAfterMs = 2000

/** A tool of each way to decide; thresholds that calls which are refused for a while do not reach. */
const catalogue = {
  'files/echo': { readOnly: true, sensitivity: 0, mode: 'enforce', resources: [] },
  'files/get-sum': { readOnly: false, sensitivity: 3, mode: 'gate', resources: [] },
}
const thresholds = { verify: 50, readOnly: 60, suspend: 70 }
const failSafe = { staleAfterMs, gateTimeoutMs: 1000 }

const given = async (t: TestContext) => {
  const broker = await startOwnBroker(t)
  const environment = { ...process.env, KAFKA_BROKERS: broker.brokers.join(',') }
  const workplace = await openWorkplace({ environment, onProgress: () => undefined })
  t.after(() => workplace.close())
  const { tools, ...options } = await wholeStack(workplace)
  const { bundleFile, ...others } = await tools
  const bundle = JSON.parse(await readFile(bundleFile, 'utf8')) as object
  const ownBundleFile = join(workplace.folder, 'bundle.json')
  await writeFile(ownBundleFile, JSON.stringify({ ...bundle, catalogue, thresholds, failSafe }))
  const stack = await startStack(workplace, { ...options, tools: { ...others, bundleFile: ownBundleFile } })
  return { broker, stack }
}

const openSession = async ({ identityUrl, startupSecret }: Stack): Promise<string | undefined> => {
  const response = await fetch(`${identityUrl}/sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${startupSecret}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      human: 'alice@example.org',
      agentId: 'support-agent',
      role: 'support',
      platform: 'test',
      tools: ['files/*'],
    }),
  })
  if (response.status !== 201) return undefined
  const { tokens } = (await response.json()) as { readonly tokens: Readonly<Record<string, string>> }
  return tokens['files']
}

/** What a call was answered: the tool's text, or the refusal's. */
const call = async ({ client }: Agent, name: string, args: Record<string, unknown>): Promise<string> => {
  try {
    const { content } = await client.callTool({ name, arguments: args })
    return (content as readonly { readonly text: string }[])[0]!.text
  } catch (error) {
    return String(error)
  }
}
const readOnlyCall = async (agent: Agent): Promise<boolean> =>
  (await call(agent, 'echo', { message: 'hello' })).includes('hello')
const gatedCall = async (agent: Agent): Promise<boolean> =>
  (await call(agent, 'get-sum', { a: 2, b: 3 })).includes('5')

const pidsOf = ({ services }: Stack): number[] => Object.values(services).map(({ process }) => process.pid)

const metricOf = async ({ services }: Stack, line: RegExp): Promise<boolean> =>
  line.test(await (await fetch(`${services.engine.operationsUrl}/metrics`)).text())

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  /**
   * @fault the broker is away, and comes back
   * @behaviour sensitive calls are denied meanwhile (`SESSION_STALE`), low reads pass; open sessions go on within 15 s of its return, with no process restarted
   * @counter cordon_engine_calls_refused_total{reason="SESSION_STALE"}
   */
  test(`whole path, the broker ends by ${signal} and comes back: an open session goes on by itself`, async t => {
    const { broker, stack } = await given(t)
    const token = await openSession(stack)
    const agent = await connectOverHttp(t, new URL(`${stack.proxyUrl}/mcp/files`), token)
    await eventually('a gated call', async () => await gatedCall(agent))
    assert.ok(await readOnlyCall(agent))

    await broker.end(signal)
    await sleep(2 * staleAfterMs)
    assert.match(await call(agent, 'get-sum', { a: 2, b: 3 }), /SESSION_STALE/)
    assert.ok(await readOnlyCall(agent))
    assert.ok(await metricOf(stack, /^cordon_engine_calls_refused_total\{reason="SESSION_STALE"\} [1-9]/m))

    await broker.start()
    const listeningAt = performance.now()
    await eventually('a gated call again', async () => await gatedCall(agent), promisedMs)
    t.diagnostic(`an open session after ${Math.round(performance.now() - listeningAt)} ms`)
    await eventually('a new session', async () => (await openSession(stack)) !== undefined, promisedMs)
    t.diagnostic(`a new session after ${Math.round(performance.now() - listeningAt)} ms`)
    assert.ok(performance.now() - listeningAt < promisedMs)
    assert.ok(pidsOf(stack).every(isRunning))
  })
}
