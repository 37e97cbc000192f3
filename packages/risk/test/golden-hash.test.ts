import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

import { goldenHash } from './golden-hash.ts'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'golden-hash.ts')

/** Changes whenever a score, a fact, a standing or a stored byte does: then on purpose, and with a note of why. */
const golden = '1e3b40e1f5d5dfbe80435ac9cedb522a9f76b46a1416758b9cee66f60eaaafb5'

test('the same logs give the same decisions and states, byte for byte', () => {
  assert.equal(goldenHash(false), golden)
})

test('and in another process that is killed before every record', async () => {
  const { stdout } = await run(process.execPath, [script, 'restoring'])
  assert.equal(stdout, golden)
})
