import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'

import { openLoopbackCordon } from '@cordon/agent-client/fixtures/loopback-cordon'
import { isRunning } from '@cordon/lifecycle'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

import { eventually } from '../support/eventually.ts'
import { type ConnectProfile, makeProfile } from './connect-process.ts'
import { olderServers } from './demo-servers.ts'

// Several servers of one client configuration: several processes, one log-in, one session.

const connectTo = async (
  t: TestContext,
  profile: ConnectProfile,
  server: string,
  ...flags: readonly string[]
) => {
  const client = new Client({ name: 'agent', version: '1.0.0' })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: profile.connectArgs(server, ...flags),
    stderr: 'ignore',
  })
  await client.connect(transport)
  t.after(() => client.close())
  return { client, pid: transport.pid! }
}

const openWorld = async (t: TestContext) => {
  const cordon = await openLoopbackCordon()
  cordon.forward = olderServers().forward
  const profile = await makeProfile(t, { url: cordon.url, idToken: 'id-token' })
  const first = await connectTo(t, profile, 'demo')
  const second = await connectTo(t, profile, 'other')
  t.after(() => cordon.close())
  const openings = () =>
    cordon.identityRequests.filter(({ form }) => form['grant_type']?.endsWith(':token-exchange')).length
  const provenCalls = () =>
    cordon.proxyRequests.flatMap(({ verdict, proof }) =>
      verdict.ok && Object.hasOwn(proof['mcp'] ?? {}, 'tool') ? [proof['seq']] : [],
    )
  return { cordon, profile, first, second, openings, provenCalls }
}

test('servers side by side share one session, whose calls are counted in one place', async t => {
  const { profile, first, second, openings, provenCalls, cordon } = await openWorld(t)
  const calls = Array.from({ length: 10 }, (_, index) =>
    [first, second].map(({ client }) =>
      client.callTool({ name: 'echo', arguments: { text: String(index) } }),
    ),
  ).flat()
  await Promise.all(calls)
  assert.equal(openings(), 1)
  assert.deepEqual(
    provenCalls().toSorted((a, b) => Number(a) - Number(b)),
    Array.from({ length: 20 }, (_, index) => index),
  )
  assert.equal(
    cordon.proxyRequests.filter(({ verdict }) => !verdict.ok && verdict.reason === 'REPLAYED').length,
    0,
  )
  for (const name of ['socket', 'log-in.json', 'lock'])
    assert.equal((await stat(join(profile.folder, name))).mode & 0o777, 0o600)
  assert.equal((await stat(profile.folder)).mode & 0o777, 0o700)
})

test('what the human asked for is declared once, as it stood when the process started', async t => {
  const cordon = await openLoopbackCordon()
  cordon.forward = olderServers().forward
  t.after(() => cordon.close())
  const profile = await makeProfile(t, { url: cordon.url, idToken: 'id-token' })
  const task = join(profile.file, '..', 'task.txt')
  await writeFile(task, 'Answer eve@shop.example.', { mode: 0o600 })
  const { client } = await connectTo(t, profile, 'demo', '--intent-file', task)
  // What the agent writes there while it works counts for nothing.
  await writeFile(task, 'Answer mallory@evil.example.')
  await client.callTool({ name: 'echo', arguments: { text: 'hello' } })
  const declared = cordon.identityRequests.map(({ form }) => form['declared_intent'])
  assert.deepEqual(declared, ['Answer eve@shop.example.'])
})

/**
 * @fault a session ended while its processes have tokens that are good for minutes
 * @behaviour what is under way is refused as that; the next call opens one session for all of them, without asking the human
 * @counter none: `cordon connect` runs on the agent's machine, where nothing counts
 */
test('ten calls refused at once because the session has ended: the next ones share one new session', async t => {
  const { cordon, first, second, openings } = await openWorld(t)
  const call = ({ client }: typeof first) =>
    client.callTool({ name: 'echo', arguments: { text: 'hello' } }).then(
      ({ content }) => JSON.stringify(content),
      (error: unknown) => String(error),
    )
  const fiveEach = () => Promise.all(Array.from({ length: 5 }, () => [call(first), call(second)]).flat())
  await fiveEach()
  cordon.endSessions()
  const answers = await fiveEach()
  // Who called a moment later had the new session already.
  for (const answer of answers) assert.match(answer, /SESSION_ENDED|hello/)
  assert.ok(answers.some(answer => answer.includes('SESSION_ENDED')))
  for (const answer of await fiveEach()) assert.match(answer, /hello/)
  assert.equal(openings(), 2)
})

/**
 * @fault the `cordon connect` process that holds the session is killed while another one goes on
 * @behaviour that one takes its place with a session of its own, without asking the human; its client notices nothing
 * @counter none: `cordon connect` runs on the agent's machine, where nothing counts
 */
test('kill -9 of the process that holds the session: another goes on without a log-in', async t => {
  const { first, second, openings } = await openWorld(t)
  await second.client.callTool({ name: 'echo', arguments: { text: 'before' } })
  process.kill(first.pid, 'SIGKILL')
  await eventually('the process gone', () => !isRunning(first.pid))
  const { content } = await second.client.callTool({ name: 'echo', arguments: { text: 'after' } })
  assert.deepEqual(content, [{ type: 'text', text: 'after' }])
  assert.equal(openings(), 2)
})

test('kill -9 in the middle of a call: the call is answered with an error, and the next one goes through', async t => {
  const { cordon, first, second } = await openWorld(t)
  const hung = new Promise<void>(resolve => {
    const { forward } = cordon
    cordon.forward = (request, response, body) => {
      if (!body.includes('"hang"')) return forward(request, response, body)
      resolve()
    }
  })
  const pending = second.client.callTool({ name: 'hang' })
  await hung
  process.kill(first.pid, 'SIGKILL')
  await assert.rejects(pending, /the request may have been carried out/)
  const { content } = await second.client.callTool({ name: 'echo', arguments: { text: 'after' } })
  assert.deepEqual(content, [{ type: 'text', text: 'after' }])
})

test('the holder that ends as it should ends the session, and another takes its place', async t => {
  const { cordon, first, second, openings } = await openWorld(t)
  await first.client.close()
  await eventually('the session ended', () => cordon.identityRequests.some(({ path }) => path === '/revoke'))
  await second.client.callTool({ name: 'echo', arguments: { text: 'on' } })
  assert.equal(openings(), 2)
})

const logOut = async ({ connectArgs }: ConnectProfile) => {
  const child = spawn(process.execPath, connectArgs('--log-out'), { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit')
  const said = await text(child.stderr)
  return { said, code: ((await exited) as [number])[0] }
}

test('log-out ends the session of the process that holds it, and forgets the log-in for all of them', async t => {
  const { cordon, profile, second, openings } = await openWorld(t)
  const { said, code } = await logOut(profile)
  assert.equal(code, 0)
  assert.match(
    said,
    /^Logged out: the log-in of somebody unnamed is forgotten\.\nSession 0\.[\da-f-]{36} has ended;/,
  )
  const revoked = cordon.identityRequests.filter(({ path }) => path === '/revoke')
  assert.deepEqual(
    revoked.map(({ form }) => form['token']),
    ['refresh-1'],
  )
  await assert.rejects(stat(join(profile.folder, 'log-in.json')), { code: 'ENOENT' })
  // There is no provider here that could be asked.
  await assert.rejects(second.client.callTool({ name: 'echo', arguments: { text: 'on' } }), /provider/)
  assert.equal(openings(), 1)
  assert.deepEqual(await logOut(profile), {
    said: 'Nobody was logged in: no log-in was kept, and no session was open.\n',
    code: 0,
  })
})

test('log-out where no process runs forgets the log-in, and needs no identity', async t => {
  const profile = await makeProfile(t, { url: 'http://127.0.0.1:1', idToken: 'id-token' })
  const { said, code } = await logOut(profile)
  assert.match(said, /is forgotten\.\nNo session was open\./)
  assert.equal(code, 0)
  assert.equal((await logOut(profile)).code, 0)
})

/**
 * @fault identity does not answer while a human logs out with `cordon connect --log-out`
 * @behaviour log-in and session are given up here all the same; the command says so and ends with 1: the session ends by itself
 * @counter none: `cordon connect` runs on the agent's machine, where nothing counts
 */
test('log-out without identity says that the session ends there by itself', async t => {
  const { cordon, profile } = await openWorld(t)
  cordon.scripted.push(...Array.from({ length: 5 }, () => ({ status: 503 })))
  const { said, code } = await logOut(profile)
  assert.match(said, /is given up;.*\n.*\ncordon: session 0\.\S+: expected identity to end it, got no answer/)
  assert.equal(code, 1)
  await assert.rejects(stat(join(profile.folder, 'log-in.json')), { code: 'ENOENT' })
})
