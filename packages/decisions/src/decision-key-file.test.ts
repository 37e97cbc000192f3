import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { openDecisionKeyFile } from './decision-key-file.ts'

const makeFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-decision-key-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

test('of scorers that start together one makes the key, and all have it', async t => {
  const folder = await makeFolder(t)
  const file = join(folder, 'key')
  const signers = await Promise.all([1, 2, 3, 4].map(() => openDecisionKeyFile(file)))
  assert.equal(new Set(signers.map(({ key }) => key.keyId)).size, 1)
  assert.deepEqual(await readdir(folder), ['key'])
  assert.equal((await stat(file)).mode & 0o777, 0o600)
})

/**
 * @input a decision key that other users of the machine may read
 * @behaviour the scorer ends at its start: `expected mode 0600, got 0644: whoever reads it can set any standing`
 * @counter none: it does not start
 */
test('refuses a key that others may read', async t => {
  const file = join(await makeFolder(t), 'key')
  await openDecisionKeyFile(file)
  await chmod(file, 0o644)
  await assert.rejects(openDecisionKeyFile(file), {
    code: 'DECISION_KEY_EXPOSED',
    message: /expected mode 0600, got 0644/,
  })
})

/**
 * @input a decision key file that is cut
 * @behaviour the scorer ends at its start: `expected 32 bytes in base64url, got 16`
 * @counter none: it does not start
 */
test('refuses a key file that holds no key, without repeating it', async t => {
  const file = join(await makeFolder(t), 'key')
  const text = Buffer.alloc(16, 7).toString('base64url')
  await writeFile(file, text, { mode: 0o600 })
  await assert.rejects(openDecisionKeyFile(file), (error: Error) => {
    assert.match(error.message, /expected 32 bytes in base64url, got 16/)
    return !error.message.includes(text)
  })
})
