import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'

import { openLoopbackCordon } from '@cordon/agent-client/fixtures/loopback-cordon'

import { makeProfile, startHttpFront } from './connect-process.ts'
import { olderServers } from './demo-servers.ts'

// The inspector's command line, as its users type it.

const inspector = join(
  dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/inspector-cli/package.json')),
  'build/index.js',
)

const inspect = async (...args: readonly string[]): Promise<unknown> => {
  // It looks for its own version from where it is started.
  const { stdout } = await promisify(execFile)(process.execPath, [inspector, ...args], {
    cwd: dirname(inspector),
  })
  return JSON.parse(stdout)
}

const openWorld = async (t: TestContext) => {
  const cordon = await openLoopbackCordon()
  cordon.forward = olderServers().forward
  t.after(() => cordon.close())
  return makeProfile(t, { url: cordon.url, idToken: 'id-token' })
}

test('the inspector lists tools and calls one over HTTP', async t => {
  const { url } = await startHttpFront(t, await openWorld(t))
  const server = `${url}/mcp/demo`
  const http = ['--transport', 'http']
  const listed = await inspect(server, ...http, '--method', 'tools/list')
  assert.match(JSON.stringify(listed), /"echo"/)
  const call = ['--method', 'tools/call', '--tool-name', 'echo', '--tool-arg', 'text=hello']
  assert.deepEqual(await inspect(server, ...http, ...call), { content: [{ type: 'text', text: 'hello' }] })
})

test('the inspector starts the shim on its standard streams, reads a resource and gets a prompt', async t => {
  const { file } = await openWorld(t)
  const command = [process.execPath, resolve('cli/src/main.ts'), 'connect', 'demo', `--profile=${file}`]
  const note = await inspect(...command, '--method', 'resources/read', '--uri', 'demo://note')
  assert.deepEqual(note, { contents: [{ uri: 'demo://note', text: 'A note.' }] })
  const prompt = await inspect(...command, '--method', 'prompts/get', '--prompt-name', 'greet')
  assert.match(JSON.stringify(prompt), /Hello\./)
})
