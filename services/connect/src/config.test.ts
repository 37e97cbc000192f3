import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { readDeclaredIntent, readProfile, readSeat } from './config.ts'

const profile = {
  identity: 'http://127.0.0.1:7401/',
  provider: 'http://127.0.0.1:7401/oidc',
  proxy: 'http://127.0.0.1:7400',
  platform: 'desk',
  agent: 'desk-agent',
  tools: ['files/*'],
  attester: { name: 'desk', keyFile: 'attester.pem' },
}

const write = async (
  t: TestContext,
  text: string,
): Promise<{ readonly home: string; readonly file: string }> => {
  const home = await mkdtemp(join(tmpdir(), 'cordon-unit-'))
  t.after(() => rm(home, { recursive: true }))
  const file = join(home, 'work.json')
  await writeFile(file, text, { mode: 0o600 })
  return { home, file }
}

test('paths count from the folder of the profile, which has a folder of its own', async t => {
  const { home, file } = await write(
    t,
    JSON.stringify({ ...profile, codeFile: 'agent/main.js', passwordsFile: 'p.json' }),
  )
  const { folder, attester, codeFile, passwordsFile, identity } = await readProfile(file)
  assert.deepEqual(
    [folder, attester.keyFile, codeFile, passwordsFile],
    ['work.d', 'attester.pem', 'agent/main.js', 'p.json'].map(name => join(home, name)),
  )
  assert.equal(identity, 'http://127.0.0.1:7401')
})

test('rejects a profile that others could have written', async t => {
  const { file } = await write(t, JSON.stringify(profile))
  await chmod(file, 0o620)
  await assert.rejects(readProfile(file), {
    code: 'PROFILE_EXPOSED',
    message: /expected mode 0600, got 0620/,
  })
})

const faulty: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['what is no JSON', '{', /expected JSON, got other text/],
  ['a member that nobody knows', JSON.stringify({ ...profile, secret: 's3cret' }), /secret/],
  [
    'tools of another form',
    JSON.stringify({ ...profile, tools: ['files'] }),
    /tools\.0: expected "server\/tool"/,
  ],
  [
    'an address of a file',
    JSON.stringify({ ...profile, proxy: 'file:///x' }),
    /proxy: expected an http\(s\) URL/,
  ],
]

for (const [what, text, message] of faulty)
  test(`refuses ${what}, and shows no value`, async t => {
    const { file } = await write(t, text)
    await assert.rejects(readProfile(file), (error: Error & { code: string }) => {
      assert.equal(error.code, 'PROFILE_INVALID')
      assert.match(error.message, message)
      return !error.message.includes('s3cret')
    })
  })

test('a profile that is not there says what writes one', async () =>
  assert.rejects(readProfile('/nowhere/connect.json'), { code: 'PROFILE_UNREADABLE', message: /cordon up/ }))

test('what the human asked for is text of whoever starts the process, and of nobody else', async t => {
  const { file } = await write(t, 'Mail the offer to eve@shop.example.\n')
  assert.equal(await readDeclaredIntent(file), 'Mail the offer to eve@shop.example.')
  await chmod(file, 0o602)
  await assert.rejects(readDeclaredIntent(file), { code: 'INTENT_EXPOSED', message: /got 0602/ })
  const { file: empty } = await write(t, ' \n')
  await assert.rejects(readDeclaredIntent(empty), { code: 'INTENT_INVALID', message: /got none/ })
  const { file: large } = await write(t, 'é'.repeat(32_768) + 'x')
  await assert.rejects(readDeclaredIntent(large), { code: 'INTENT_INVALID', message: /got 65537 bytes/ })
  await assert.rejects(readDeclaredIntent('/nowhere/task.txt'), { code: 'INTENT_UNREADABLE' })
})

test('a browser is seen where there is a screen, and not over SSH', () => {
  assert.equal(readSeat({ WAYLAND_DISPLAY: 'wayland-0' }).hasBrowser, true)
  assert.equal(readSeat({ DISPLAY: ':10', SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }).hasBrowser, false)
})
