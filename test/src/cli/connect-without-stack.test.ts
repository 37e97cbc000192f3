import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'

import { main, temporaryFolder } from '../support/command.ts'
import { writeProfile } from './connect-profile.ts'

/** An address at which nothing listens. */
const deafAddress = async (): Promise<string> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}

/** What a client is answered, and what stands on standard error when it has gone. */
const introduce = async (t: TestContext, folder: string, address: string) => {
  const profile = writeProfile(folder, address, ['notes/*'])
  const child = spawn(process.execPath, [main, 'connect', 'notes', '--profile', profile], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  const closed = once(child, 'close')
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => (said += part))
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const request = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18' } }
  child.stdin.write(`${JSON.stringify(request)}\n`)
  const { value } = await answers.next()
  child.stdin.end('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
  await closed
  return { answer: JSON.parse(value ?? '') as { readonly error: { readonly message: string } }, said }
}

test('a client without a running stack is told what was expected where, and what to do; nobody sees a stack trace', async t => {
  const address = await deafAddress()
  const { answer, said } = await introduce(t, temporaryFolder(t), address)
  const words =
    `provider ${address}/oidc: expected an answer, got ECONNREFUSED; ` +
    'start the stack that the profile names ("cordon up"), or correct "provider" in the profile'
  assert.equal(answer.error.message, `Cordon: ${words}`)
  const lost = said.split('\n').find(line => line.includes('notification lost'))
  const { code, problem } = JSON.parse(lost ?? '{}') as Readonly<Record<string, string>>
  assert.deepEqual([code, problem], ['PROVIDER_UNAVAILABLE', words])
  assert.doesNotMatch(said, / {4}at /)
})

test('so is one whose human has logged in before', async t => {
  const address = await deafAddress()
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'connect.d'), { mode: 0o700 })
  const logIn = {
    provider: `${address}/oidc`,
    idToken: 'header.claims.signature',
    expiresAt: 4_000_000_000_000,
  }
  writeFileSync(join(folder, 'connect.d', 'log-in.json'), JSON.stringify(logIn), { mode: 0o600 })
  const { answer, said } = await introduce(t, folder, address)
  assert.equal(
    answer.error.message,
    `Cordon: ${address}/token: expected an answer in 5 attempts, got none: ` +
      'start the stack that the profile names ("cordon up"), or correct "identity" in the profile',
  )
  assert.doesNotMatch(said, / {4}at /)
})
