import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { test, type TestContext } from 'node:test'

import { consentAt } from '@cordon/demo'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

import { main, temporaryFolder } from '../support/command.ts'

/** Resolves once it has said how to go on. */
const bringUp = async (t: TestContext, folder: string): Promise<void> => {
  const up = spawn(process.execPath, [main, 'up', '--no-demo', '--data', folder], {
    env: { ...process.env, CORDON_TOPIC_PREFIX: `own-client-${randomBytes(6).toString('hex')}-` },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(up, 'close')
  t.after(async () => {
    up.kill('SIGTERM')
    await closed
  })
  const ready = Promise.withResolvers<void>()
  createInterface({ input: up.stdout }).on('line', line => {
    if (line.includes('Ctrl-C stops everything')) ready.resolve()
  })
  await Promise.race([ready.promise, closed.then(() => Promise.reject(new Error('cordon up ended')))])
}

test('an MCP client gets through the stack of `cordon up` with the profile that it wrote, once its human has logged in', async t => {
  const folder = temporaryFolder(t)
  await bringUp(t, folder)
  const profile = join(folder, 'connect.json')
  assert.equal(statSync(profile).mode & 0o777, 0o600)
  const passwordsFile = join(folder, 'keys', 'passwords.json')
  assert.equal(statSync(passwordsFile).mode & 0o777, 0o600)
  const { me: password } = JSON.parse(readFileSync(passwordsFile, 'utf8')) as { readonly me: string }

  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [main, 'connect', 'files', '--profile', profile],
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
  const { content } = await client.callTool({ name: 'list_allowed_directories', arguments: {} })
  assert.match(JSON.stringify(content), /company/)
})
