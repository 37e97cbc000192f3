import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { openEngineKey } from './engine-key-file.ts'

test('is made for the engine’s user alone, and is the same after a restart', async context => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'engine.key')
  const { keyId } = await openEngineKey(path)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.equal((await openEngineKey(path)).keyId, keyId)
})

/**
 * @input a key file of an engine that others may read, or that holds no key
 * @behaviour the engine ends at its start: whoever reads the key can speak to tool servers in any session's name
 * @counter none: it does not start
 */
test('rejects a key that others may read, and text that is none', async context => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'engine.key')
  await openEngineKey(path)
  await chmod(path, 0o640)
  await assert.rejects(openEngineKey(path), { code: 'ENGINE_KEY_EXPOSED' })
  await chmod(path, 0o600)
  await writeFile(path, 'secret-looking text')
  await assert.rejects(openEngineKey(path), (error: Error) => !error.message.includes('secret-looking'))
})
