import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { errorCode } from '@cordon/foundation'

import { createLogInFile } from './log-in-file.ts'

const provider = 'https://login.example'
const logIn = { idToken: 'header.claims.signature', expiresAt: 1_800_000_000_000 }

/** Nobody has logged out yet. */
const never = ''

const makePath = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-log-in-'))
  t.after(() => rm(folder, { recursive: true }))
  return join(folder, 'work.d', 'log-in.json')
}

test('keeps a log-in for its owner alone, until it is cleared', async t => {
  const path = await makePath(t)
  const store = createLogInFile(path, provider)
  assert.equal(await store.read(), undefined)
  await store.write(logIn, never)
  assert.deepEqual(await store.read(), logIn)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  await store.clear()
  assert.equal(await store.read(), undefined)
  await store.clear()
})

test('keeps the key of a log-in that is for one', async t => {
  const store = createLogInFile(await makePath(t), provider)
  const bound = { ...logIn, key: Buffer.alloc(32, 7).toString('base64url') }
  await store.write(bound, never)
  assert.deepEqual(await store.read(), bound)
})

test('takes no log-in that another user could have written, of another provider, or of another form', async t => {
  const path = await makePath(t)
  const store = createLogInFile(path, provider)
  await store.write(logIn, never)
  assert.equal(await createLogInFile(path, 'https://other.example').read(), undefined)
  await chmod(path, 0o620)
  assert.equal(await store.read(), undefined)
  await store.write(logIn, never)
  assert.deepEqual(await store.read(), logIn)
  await writeFile(path, '{"idToken":')
  assert.equal(await store.read(), undefined)
})

test('what is in the way of reading is not taken for a missing log-in', async t => {
  const path = await makePath(t)
  await writeFile(join(path, '..', '..', 'work.d'), 'a file where the folder should be')
  await assert.rejects(createLogInFile(path, provider).read(), { message: /got ENOTDIR/ })
})

test('a log-out forgets what is kept, once', async t => {
  const path = await makePath(t)
  const store = createLogInFile(path, provider)
  assert.equal(await store.logOut(), false)
  await store.write(logIn, await store.lastLogOut())
  assert.equal(await store.logOut(), true)
  assert.equal(await store.read(), undefined)
  assert.equal(await store.logOut(), false)
  assert.deepEqual(await readdir(dirname(path)), ['log-out'])
})

/**
 * @fault `kill -9` of `cordon connect` while it writes a log-in: a draft with ID token and key is left beside the file
 * @behaviour the next log-out removes it, and so does the next log-in
 * @counter none: `cordon connect` runs on the agent's machine, where nothing counts
 */
test('what a process left that was killed while it wrote a log-in is forgotten as well', async t => {
  const path = await makePath(t)
  const store = createLogInFile(path, provider)
  await mkdir(dirname(path))
  // Above any number that a system gives to a process.
  const left = `${path}.999999999.0197b1a0-0000-4000-8000-000000000001`
  await writeFile(left, 'an ID token, and half a key')
  assert.equal(await store.logOut(), true)
  assert.deepEqual(await readdir(dirname(path)), ['log-out'])
  await writeFile(left, 'an ID token, and half a key')
  await store.write(logIn, await store.lastLogOut())
  assert.deepEqual((await readdir(dirname(path))).sort(), ['log-in.json', 'log-out'])
})

test('a log-in that was begun before a log-out is not kept', async t => {
  const path = await makePath(t)
  const store = createLogInFile(path, provider)
  for (let round = 0; round < 2; round += 1) {
    const since = await store.lastLogOut()
    await store.logOut()
    await assert.rejects(store.write(logIn, since), { code: 'LOGGED_OUT' })
    assert.equal(await store.read(), undefined)
  }
  assert.deepEqual(await readdir(dirname(path)), ['log-out'])
})

test('a log-out between the last look of a log-in and its place in the file: it is not kept, and its writer is told', async t => {
  const path = await makePath(t)
  const store = createLogInFile(path, provider)
  const mark = join(dirname(path), 'log-out')
  await mkdir(dirname(path))
  // Whoever looks at a pipe waits for what is written to it.
  execFileSync('mkfifo', [mark])
  const writing = store.write(logIn, 'first').then(
    () => 'kept',
    (error: unknown) => errorCode(error),
  )
  const looked = await open(mark, 'w')
  await rm(mark)
  assert.equal(await store.logOut(), true)
  await looked.writeFile('first')
  await looked.close()
  assert.equal(await writing, 'LOGGED_OUT')
  assert.equal(await store.read(), undefined)
  assert.deepEqual(await readdir(dirname(path)), ['log-out'])
})
