import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { openFingerprintKey } from './fingerprint-key-file.ts'

test('engines that start together share one key, which only their user can read', async context => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'fingerprint.key')
  const keys = await Promise.all(Array.from({ length: 5 }, () => openFingerprintKey(path)))
  const texts = new Set(keys.map(key => key.export().toString('hex')))
  assert.equal(texts.size, 1)
  assert.equal((await stat(path)).mode & 0o777, 0o600)

  await chmod(path, 0o644)
  await assert.rejects(openFingerprintKey(path), { code: 'FINGERPRINT_KEY_EXPOSED' })
  await chmod(path, 0o600)
  await writeFile(path, 'short')
  await assert.rejects(openFingerprintKey(path), { code: 'FINGERPRINT_KEY_INVALID' })
})
