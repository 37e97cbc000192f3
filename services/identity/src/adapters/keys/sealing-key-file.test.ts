import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'

import { openSealingKeyFile } from './sealing-key-file.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-identity-'))
})
afterEach(async () => rm(folder, { recursive: true }))

test('makes a key that only the owner may read, and keeps it', async () => {
  const file = join(folder, 'key')
  const key = await openSealingKeyFile(file)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.deepEqual(await openSealingKeyFile(file), key)
  assert.deepEqual(await readdir(folder), ['key'])
})

test('two processes that start at once share one key', async () => {
  const file = join(folder, 'key')
  const keys = await Promise.all(Array.from({ length: 4 }, async () => openSealingKeyFile(file)))
  assert.equal(new Set(keys.map(key => key.toString('hex'))).size, 1)
})

test('rejects a key that others may read', async () => {
  const file = join(folder, 'key')
  await openSealingKeyFile(file)
  await chmod(file, 0o640)
  await assert.rejects(openSealingKeyFile(file), { code: 'KEY_FILE_EXPOSED', message: /0600, got 0640/ })
})

test('says what is wrong with a file that is no key, or cannot be made', async () => {
  const file = join(folder, 'key')
  await writeFile(file, 'no key', { mode: 0o600 })
  await assert.rejects(openSealingKeyFile(file), { code: 'KEY_FILE_INVALID' })
  await assert.rejects(openSealingKeyFile(join(folder, 'missing', 'key')), {
    code: 'KEY_FILE_UNREADABLE',
    message: /ENOENT/,
  })
})
