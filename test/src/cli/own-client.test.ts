import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { test, type TestContext } from 'node:test'

import { consentAt } from '@cordon/demo'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

import { cordon, main, temporaryFolder } from '../support/command.ts'
import { eventually } from '../support/eventually.ts'

/** Resolves once it has said how to go on. @returns what it shows, as it grows */
const bringUp = async (
  t: TestContext,
  folder: string,
  flags: readonly string[],
): Promise<{ shown: string }> => {
  const up = spawn(process.execPath, [main, 'up', '--no-demo', '--data', folder, ...flags], {
    env: { ...process.env, CORDON_TOPIC_PREFIX: `own-client-${randomBytes(6).toString('hex')}-` },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(up, 'close')
  t.after(async () => {
    up.kill('SIGTERM')
    await closed
  })
  const ready = Promise.withResolvers<void>()
  const terminal = { shown: '' }
  createInterface({ input: up.stdout }).on('line', line => {
    terminal.shown += `${line}\n`
    if (line.includes('Ctrl-C stops everything')) ready.resolve()
  })
  await Promise.race([ready.promise, closed.then(() => Promise.reject(new Error('cordon up ended')))])
  return terminal
}

/** What a client's call is answered with, once its human has logged in. */
const callThrough = async (
  t: TestContext,
  folder: string,
  server: string,
  tool: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<string> => {
  const profile = join(folder, 'connect.json')
  assert.equal(statSync(profile).mode & 0o777, 0o600)
  const passwordsFile = join(folder, 'keys', 'passwords.json')
  assert.equal(statSync(passwordsFile).mode & 0o777, 0o600)
  const { me: password } = JSON.parse(readFileSync(passwordsFile, 'utf8')) as { readonly me: string }

  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [main, 'connect', server, '--profile', profile],
    // Somebody who sees a browser sits here; there is none, so that the test opens the address itself.
    env: { PATH: '', DISPLAY: ':0' },
    stderr: 'pipe',
  })
  const { stderr } = transport
  assert.ok(stderr instanceof Readable)
  const logIn = async (): Promise<Response> => {
    for await (const line of createInterface({ input: stderr })) {
      const address = /http:\/\/\S+\/oidc\/auth\?[^\s"]+/.exec(line)?.[0]
      if (address !== undefined) return fetch(await consentAt(address, { name: 'me', password }))
    }
    throw new Error('cordon connect: expected an address to log in at, got none')
  }
  const client = new Client({ name: 'own-client', version: '1.0.0' })
  t.after(() => client.close())
  const [answer] = await Promise.all([logIn(), client.connect(transport)])
  assert.equal(answer.status, 200)
  const { content } = await client.callTool({ name: tool, arguments: args })
  return JSON.stringify(content)
}

/** What operators do, each command against the identity of a stack that runs, in which `my-agent` has one open session. */
const stopAndLift = async (
  t: TestContext,
  folder: string,
  terminal: { readonly shown: string },
): Promise<void> => {
  const isShown = (line: RegExp): Promise<void> =>
    eventually(`the live view to show ${line.source}`, () => line.test(terminal.shown))
  const operate = async (...args: readonly string[]): Promise<string> => {
    const { code, out, error } = await cordon(t, [...args, '--data', folder])
    assert.deepEqual([code, error], [0, ''], args.join(' '))
    return out
  }
  const scope = 'agent:my-agent'
  const slip = await cordon(t, ['revoke', 'agent:my-agnet', '--reason', 'odd', '--data', folder])
  assert.equal(slip.code, 1)
  assert.match(slip.error, /got agent:my-agnet; nothing is stopped, --force /)
  assert.equal(await operate('revocations'), 'Nothing is stopped.\n')

  const stopped = await operate('revoke', scope, '--reason', 'under investigation')
  assert.equal(stopped, `${scope} is stopped, and with it open sessions: 1.\n`)
  assert.match(await operate('sessions'), /stopped by agent:my-agent/)
  await isShown(/^STOPPED {2}agent:my-agent since \S+Z by operator: under investigation$/m)
  const forced = await operate('revoke', 'human:gone@example', '--reason', 'left', '--force')
  assert.equal(forced, 'human:gone@example is stopped, and with it open sessions: 0.\n')
  assert.match(
    await operate('revocations'),
    /^SCOPE .*\nagent:my-agent +\S+Z {2}operator {2}under investigation\nhuman:gone@example +\S+Z {2}operator {2}left\n$/,
  )

  assert.equal(await operate('lift', scope), `${scope} may go on.\n`)
  await isShown(/^LIFTED {2}agent:my-agent may go on, by operator$/m)
  assert.doesNotMatch(await operate('sessions'), /stopped by/)
  assert.doesNotMatch(await operate('revocations'), /my-agent/)
  const again = await cordon(t, ['lift', scope, '--data', folder])
  assert.equal(again.code, 1)
  assert.match(again.error, /expected one that is revoked/)

  const keys = await operate('rotate-keys')
  assert.match(keys, /^A new key is made\.\nKEY .*\n\S+ {2}now +\S+Z\n\S+ {2}from \S+Z {2}it is replaced\n$/)
  assert.equal(
    await operate('rotate-keys'),
    keys.replace('A new key is made.', 'None is made: one waits already.'),
  )
}

test('an MCP client gets through the stack of `cordon up` with the profile that it wrote, once its human has logged in', async t => {
  const folder = temporaryFolder(t)
  const terminal = await bringUp(t, folder, [])
  assert.match(await callThrough(t, folder, 'files', 'list_allowed_directories'), /company/)
  const listed = await cordon(t, ['sessions', '--data', folder])
  assert.deepEqual([listed.code, listed.error], [0, ''])
  assert.match(
    listed.out,
    /^SESSION .*\n\d+\.[\da-f-]{36} {2}\w+ +\d{4}-\S+Z {2}\d{4}-\S+Z {2}my-agent {2}\S+ +me\n$/,
  )
  await stopAndLift(t, folder, terminal)
})

test('a server of one’s own needs no bundle: every tool counts as one that changes something, and works', async t => {
  const folder = temporaryFolder(t)
  const notes = temporaryFolder(t)
  writeFileSync(join(notes, 'todo.md'), 'Buy milk')
  const servers = join(notes, 'servers.json')
  writeFileSync(
    servers,
    JSON.stringify({
      notes: { transport: 'stdio', command: 'npx', args: ['mcp-server-filesystem', notes] },
      gone: { transport: 'stdio', command: 'nosuchcommand' },
      broken: { transport: 'stdio', command: 'false' },
    }),
  )
  const terminal = await bringUp(t, folder, ['--servers', servers])
  assert.deepEqual(terminal.shown.match(/^Warning: tool server.*/gm), [
    'Warning: tool server gone: expected its command to start, got ENOENT.',
  ])
  assert.match(readFileSync(join(folder, 'starter-bundle.json'), 'utf8'), /"notes\/\*"/)
  const path = join(notes, 'copy.md')
  await callThrough(t, folder, 'notes', 'write_file', { path, content: 'Buy bread' })
  assert.equal(readFileSync(path, 'utf8'), 'Buy bread')
  // That this one ends as soon as it is started shows with the first call.
  await assert.rejects(callThrough(t, folder, 'broken', 'any'))
  await eventually('the live view to warn of broken', () =>
    /^Warning: tool server broken: it ended /m.test(terminal.shown),
  )
})
