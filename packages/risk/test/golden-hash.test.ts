import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

import { goldenHash } from './golden-hash.ts'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'golden-hash.ts')

/** Changes whenever a score, a fact, a standing or a stored byte does: then on purpose, and with a note of why. */
const golden = '096312d40f5bf8edfce60e0de1dcba6a582f731fab8bb3c535d46a3995572006'

test('the same logs give the same decisions and states, byte for byte', () => {
  assert.equal(goldenHash(false), golden)
})

test('and in another process that is killed before every record', async () => {
  const { stdout } = await run(process.execPath, [script, 'restoring'])
  assert.equal(stdout, golden)
})
