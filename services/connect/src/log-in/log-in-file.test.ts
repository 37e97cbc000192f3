import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { createLogInFile } from './log-in-file.ts'

const provider = 'https://login.example'
const logIn = { idToken: 'header.claims.signature', expiresAt: 1_800_000_000_000 }

const makePath = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-log-in-'))
  t.after(() => rm(folder, { recursive: true }))
  return join(folder, 'work.d', 'log-in.json')
}

test('keeps a log-in for its owner alone, until it is cleared', async t => {
  const path = await makePath(t)
  const store = createLogInFile(path, provider)
  assert.equal(await store.read(), undefined)
  await store.write(logIn)
  assert.deepEqual(await store.read(), logIn)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.equal(await store.clear(), true)
  assert.equal(await store.read(), undefined)
  assert.equal(await store.clear(), false)
})

test('keeps the key of a log-in that is for one', async t => {
  const store = createLogInFile(await makePath(t), provider)
  const bound = { ...logIn, key: Buffer.alloc(32, 7).toString('base64url') }
  await store.write(bound)
  assert.deepEqual(await store.read(), bound)
})

test('takes no log-in that another user could have written, of another provider, or of another form', async t => {
  const path = await makePath(t)
  const store = createLogInFile(path, provider)
  await store.write(logIn)
  assert.equal(await createLogInFile(path, 'https://other.example').read(), undefined)
  await chmod(path, 0o620)
  assert.equal(await store.read(), undefined)
  await store.write(logIn)
  assert.deepEqual(await store.read(), logIn)
  await writeFile(path, '{"idToken":')
  assert.equal(await store.read(), undefined)
})

test('what is in the way of reading is not taken for a missing log-in', async t => {
  const path = await makePath(t)
  await writeFile(join(path, '..', '..', 'work.d'), 'a file where the folder should be')
  await assert.rejects(createLogInFile(path, provider).read(), { message: /got ENOTDIR/ })
})
