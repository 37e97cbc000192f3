import assert from 'node:assert/strict'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { makeFolder } from './folder-fixture.ts'
import { openKeyFile } from './key-file.ts'

const fileIn = (folder: string) => ({
  path: join(folder, 'key'),
  name: 'test key',
  code: 'TEST_KEY' as const,
  reason: 'whoever reads it has it',
})

test('is made by chance, and is the same afterwards', async t => {
  const file = fileIn(await makeFolder(t))
  const key = await openKeyFile(file, 32)
  assert.equal(key.length, 32)
  assert.deepEqual(await openKeyFile(file, 32), key)
  assert.equal((await stat(file.path)).mode & 0o777, 0o600)
  assert.notDeepEqual(await openKeyFile(fileIn(await makeFolder(t)), 32), key)
})

test('refuses a file that holds no key of that length, without repeating it', async t => {
  const file = fileIn(await makeFolder(t))
  const text = Buffer.alloc(16, 7).toString('base64url')
  await writeFile(file.path, text, { mode: 0o600 })
  await assert.rejects(openKeyFile(file, 32), {
    code: 'TEST_KEY_INVALID',
    message: `test key ${file.path}: expected 32 bytes in base64url, got 16`,
  })
})
