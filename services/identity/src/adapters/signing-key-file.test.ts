import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'

import { openSigningKeyFile } from './signing-key-file.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-identity-'))
})
afterEach(async () => rm(folder, { recursive: true }))

test('makes a key that only the owner may read, and keeps it', async () => {
  const file = join(folder, 'key.pem')
  const key = await openSigningKeyFile(file)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal((await openSigningKeyFile(file)).keyId, key.keyId)
  assert.deepEqual(await readdir(folder), ['key.pem'])
})

test('two processes that start at once share one key', async () => {
  const file = join(folder, 'key.pem')
  const keys = await Promise.all(Array.from({ length: 4 }, async () => openSigningKeyFile(file)))
  assert.equal(new Set(keys.map(key => key.keyId)).size, 1)
})

test('rejects a key that others may read', async () => {
  const file = join(folder, 'key.pem')
  await openSigningKeyFile(file)
  await chmod(file, 0o640)
  await assert.rejects(openSigningKeyFile(file), { code: 'KEY_FILE_EXPOSED', message: /0600, got 0640/ })
})

test('says what is wrong with a file that is no key, or cannot be made', async () => {
  const file = join(folder, 'key.pem')
  await writeFile(file, 'no key', { mode: 0o600 })
  await assert.rejects(openSigningKeyFile(file), { code: 'SIGNING_KEY_INVALID' })
  await assert.rejects(openSigningKeyFile(join(folder, 'missing', 'key.pem')), {
    code: 'KEY_FILE_UNREADABLE',
    message: /ENOENT/,
  })
})
