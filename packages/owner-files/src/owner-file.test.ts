import assert from 'node:assert/strict'
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { makeFolder } from './folder-fixture.ts'
import { openOwnerFile, readOwnerFile, requireOwnerOnly } from './owner-file.ts'

const fileIn = (folder: string) => ({
  path: join(folder, 'secret'),
  name: 'test secret',
  code: 'TEST_SECRET' as const,
  reason: 'whoever reads it knows it',
})

test('is made for its owner alone, once, and leaves no draft behind', async t => {
  const folder = await makeFolder(t)
  let made = 0
  const texts = await Promise.all(
    Array.from({ length: 8 }, () => openOwnerFile(fileIn(folder), () => `text ${(made += 1)}`)),
  )
  assert.equal(new Set(texts).size, 1)
  assert.deepEqual(await readdir(folder), ['secret'])
  assert.equal((await stat(join(folder, 'secret'))).mode & 0o777, 0o600)
  assert.equal(await readOwnerFile(fileIn(folder)), texts[0])
})

test('what is there is not made anew', async t => {
  const file = fileIn(await makeFolder(t))
  await writeFile(file.path, 'first', { mode: 0o400 })
  assert.equal(await openOwnerFile(file, () => assert.fail('made')), 'first')
})

test('refuses a file that others may read or write, and says its mode and why', async t => {
  const file = fileIn(await makeFolder(t))
  await writeFile(file.path, 'secret-looking text')
  for (const mode of [0o640, 0o620, 0o604, 0o602, 0o610]) {
    await chmod(file.path, mode)
    const refusal = {
      code: 'TEST_SECRET_EXPOSED',
      message: `test secret ${file.path}: expected mode 0600, got 0${mode.toString(8)}: whoever reads it knows it`,
    }
    await assert.rejects(readOwnerFile(file), refusal)
    await assert.rejects(
      openOwnerFile(file, () => 'another'),
      refusal,
    )
  }
  assert.equal(await readFile(file.path, 'utf8'), 'secret-looking text')
})

test('refuses a file that another user could have written', () => {
  const user = process.getuid?.() ?? 0
  const stats = { mode: 0o100600, uid: user + 1 }
  assert.throws(() => requireOwnerOnly(fileIn('/keys'), stats), {
    code: 'TEST_SECRET_EXPOSED',
    message: `test secret /keys/secret: expected a file of user ${user}, got one of user ${user + 1}: whoever reads it knows it`,
  })
  requireOwnerOnly(fileIn('/keys'), { ...stats, uid: user })
})

test('of a link, what it leads to is checked', async t => {
  const folder = await makeFolder(t)
  const file = fileIn(folder)
  await writeFile(join(folder, 'target'), 'text', { mode: 0o600 })
  await symlink('target', file.path)
  assert.equal(await readOwnerFile(file), 'text')
  await chmod(join(folder, 'target'), 0o644)
  await assert.rejects(readOwnerFile(file), { code: 'TEST_SECRET_EXPOSED' })
})

test('says what is in the way of reading and of making', async t => {
  const folder = await makeFolder(t)
  await assert.rejects(readOwnerFile(fileIn(folder)), {
    code: 'TEST_SECRET_UNREADABLE',
    message: /expected a file that can be read, got ENOENT/,
  })
  await assert.rejects(
    openOwnerFile(fileIn(join(folder, 'missing')), () => 'text'),
    { code: 'TEST_SECRET_UNREADABLE', message: /expected a file that can be read or made, got ENOENT/ },
  )
  await mkdir(join(folder, 'secret'), { mode: 0o755 })
  await assert.rejects(readOwnerFile(fileIn(folder)), { code: 'TEST_SECRET_UNREADABLE', message: /EISDIR/ })
})
