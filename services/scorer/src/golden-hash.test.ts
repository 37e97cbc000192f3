import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { promisify } from 'node:util'

import { goldenRun } from './fixtures/golden-run.ts'
import type { Outcome } from './fixtures/outcome.ts'
import { hashOf } from './fixtures/outcome.ts'

const run = promisify(execFile)

/** SHA-256 of all that follows from the generated log. */
const golden = '43ee010e290ea5989e9e04e965c7b171617ca6d1e1fce70d78798f6b2e0cb661'

const changed = `the same log gives other decisions or states than before.
Meant so (a change of the model, a fact's wording, the encoding of a session, or the generated log)? Set \`golden\` in
services/scorer/src/golden-hash.test.ts to the hash that this test got, and say in the commit why decisions changed.
Not meant so? Something in scoring depends on more than the log.`

describe('the same log, the same decisions, byte for byte', () => {
  let plain: Outcome
  before(async () => {
    plain = await goldenRun()
  })

  test('as before', () => {
    assert.equal(hashOf(plain), golden, changed)
  })

  test('and there is something to compare', () => {
    const { decisions, verdicts, signals, deadLetters, states } = plain
    const counts = [decisions, verdicts, signals, deadLetters, states].map(({ length }) => length)
    assert.ok(decisions.length > 500 && Math.min(...counts) > 20, counts.join(' '))
  })

  test('in another process', async () => {
    const { stdout } = await run(process.execPath, [
      join(import.meta.dirname, 'fixtures', 'golden-run.process.ts'),
    ])
    assert.equal(stdout, hashOf(plain))
  })

  for (const batchRecords of [1, 3, 100])
    test(`cut into micro-batches of at most ${batchRecords}`, async () => {
      const outcome = await goldenRun({ limits: { batchRecords }, recordsPerFetch: () => 2 * batchRecords })
      assert.equal(hashOf(outcome), hashOf(plain))
    })

  test('killed midway, again and again, but for verdicts that nobody waits for any more', async () => {
    const { verdicts, ...kept } = await goldenRun({ kills: 25, recordsPerFetch: () => 4 })
    const all = new Set(plain.verdicts)
    assert.ok(verdicts.every(verdict => all.has(verdict)))
    assert.equal(hashOf({ ...kept, verdicts: plain.verdicts }), hashOf(plain))
  })
})
