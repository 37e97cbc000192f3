import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { test, type TestContext } from 'node:test'

import { openLoopbackCordon } from '@cordon/agent-client/fixtures/loopback-cordon'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

import { alice } from '../identity-login/login-server.ts'
import { useLoginWorld } from '../identity-login/login-world.ts'
import { type ConnectProfile, makeProfile } from './connect-process.ts'
import { olderServers } from './demo-servers.ts'

// `cordon connect` at the embedded provider, with a real browser in front of the human.

const world = useLoginWorld()
const passwordsFile = '/data/keys/passwords.json'

const makeWorld = async (t: TestContext) => {
  const cordon = await openLoopbackCordon()
  cordon.forward = olderServers().forward
  t.after(() => cordon.close())
  const provider = `${world.server.origin}/oidc`
  return { cordon, profile: await makeProfile(t, { url: cordon.url, provider, passwordsFile }) }
}

/** Starts `cordon connect --log-in`; what it tells the human, and how it ends. */
const startLogIn = async (
  t: TestContext,
  { connectArgs }: ConnectProfile,
  environment: Readonly<Record<string, string>>,
  ...flags: readonly string[]
) => {
  const child = spawn(process.execPath, connectArgs('--log-in', ...flags), {
    // No browser is found there, so none opens on the machine of whoever runs the tests.
    env: { PATH: '/nowhere', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  t.after(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const lines = createInterface({ input: child.stderr })
  const said: string[] = []
  const allSaid = once(lines, 'close')
  const notice = await new Promise<string>(resolve => {
    lines.on('line', line => {
      said.push(line)
      if (line.startsWith('Sign in')) resolve(line)
    })
  })
  return {
    notice,
    said,
    exitCode: async () => {
      await allSaid
      return ((await exited) as [number])[0]
    },
  }
}

const keptToken = async ({ folder }: ConnectProfile): Promise<string> => {
  const file = join(folder, 'log-in.json')
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  return (JSON.parse(await readFile(file, 'utf8')) as { readonly idToken: string }).idToken
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

test('log-in in the browser, once for the clients that come after', async t => {
  const { cordon, profile } = await makeWorld(t)
  const logIn = await startLogIn(t, profile, { DISPLAY: ':0' })
  const url = /https?:\S+$/.exec(logIn.notice)?.[0]
  assert.ok(url !== undefined)
  const page = await world.newPage()
  await page.goto(url)
  await world.signIn(page, alice.subject, alice.password)
  await page.click('button[value=allow]')
  await page.waitForURL(/\/callback\?/)
  assert.match(await page.innerText('body'), /You are signed in/)
  assert.equal(await logIn.exitCode(), 0)
  assert.ok(logIn.said[1]?.includes(passwordsFile), logIn.said.join('\n'))
  assert.match(logIn.said.at(-1) ?? '', /^Signed in as alice\S*; kept until \S+Z$/)
  const token = await keptToken(profile)
  const { sub, cordon_agent: agent, cordon_tools: tools } = claimsOf(token)
  assert.deepEqual([sub, agent, tools], ['alice', 'desk-agent', ['demo/*', 'other/*', 'everything/*']])

  const client = new Client({ name: 'agent', version: '1.0.0' })
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: profile.connectArgs('demo'),
      stderr: 'ignore',
    }),
  )
  await client.callTool({ name: 'echo', arguments: { text: 'hello' } })
  await client.close()
  assert.equal(cordon.identityRequests[0]?.form['subject_token'], token)
})

test('a client that waits for the human goes on when another process logs in', async t => {
  const { cordon, profile } = await makeWorld(t)
  const client = new Client({ name: 'agent', version: '1.0.0' })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: profile.connectArgs('demo'),
    env: { PATH: '/nowhere' },
    stderr: 'pipe',
  })
  const connected = client.connect(transport)
  t.after(() => client.close())
  const lines = createInterface({ input: transport.stderr as Readable })
  const said: string[] = []
  await new Promise<void>(resolve => {
    lines.on('line', line => {
      said.push(line)
      if (line.startsWith('Sign in')) resolve()
    })
  })
  const logIn = await startLogIn(t, profile, { DISPLAY: ':0' })
  const page = await world.newPage()
  await page.goto(/https?:\S+$/.exec(logIn.notice)?.[0] ?? '')
  await world.signIn(page, alice.subject, alice.password)
  await page.click('button[value=allow]')
  assert.equal(await logIn.exitCode(), 0)
  await connected
  await client.callTool({ name: 'echo', arguments: { text: 'hello' } })
  assert.equal(cordon.identityRequests[0]?.form['subject_token'], await keptToken(profile))
  // An agent may read what a client is told and what it logs.
  assert.equal(said.join('\n').includes(passwordsFile), false)
})

test('a human who says no is not signed in', async t => {
  const { profile } = await makeWorld(t)
  const logIn = await startLogIn(t, profile, { DISPLAY: ':0' })
  const page = await world.newPage()
  await page.goto(/https?:\S+$/.exec(logIn.notice)?.[0] ?? '')
  await world.signIn(page, alice.subject, alice.password)
  await page.click('button[value=deny]')
  await page.waitForURL(/\/callback\?/)
  assert.match(await page.innerText('body'), /You are not signed in/)
  assert.equal(await logIn.exitCode(), 1)
  await assert.rejects(keptToken(profile), { code: 'ENOENT' })
})

for (const [what, environment, flags] of [
  ['where it is asked for', { DISPLAY: ':0' }, ['--device']],
  ['where no browser can be opened', {}, []],
  ['over SSH', { DISPLAY: ':10', SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' }, []],
] as const)
  test(`log-in on another device, ${what}`, async t => {
    const { profile } = await makeWorld(t)
    const logIn = await startLogIn(t, profile, environment, ...flags)
    const [, address = '', code = ''] =
      /open (\S+) on this machine, or through a tunnel to it, and enter the code (\S+)$/.exec(logIn.notice) ??
      []
    const page = await world.newPage()
    await page.goto(address)
    await page.getByLabel('Code').fill(code)
    await page.getByRole('button', { name: 'Continue' }).click()
    assert.match(await page.innerText('main'), /desk-agent/)
    await page.getByRole('button', { name: 'It is mine, go on' }).click()
    await world.signIn(page, alice.subject, alice.password)
    await page.getByRole('button', { name: 'Allow' }).click()
    assert.equal(await logIn.exitCode(), 0)
    assert.equal(claimsOf(await keptToken(profile))['sub'], 'alice')
  })
