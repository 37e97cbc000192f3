import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { special } from '../fixtures/counting-processor.ts'
import { openDriven, outcomeOf, pipeAll, plainOutcome } from '../fixtures/driven-run.ts'
import type { Input } from '../fixtures/driven-run.ts'

const anInput: fc.Arbitrary<Input> = fc.tuple(
  fc.constantFrom('a', 'b', 'c'),
  fc.oneof(
    { weight: 5, arbitrary: fc.nat(20) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        special.breaks,
        special.deletes,
        special.touchesOther,
        special.tooMuch,
        special.meetsFault,
      ),
    },
  ),
)

test('states and outputs do not depend on where the input was cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anInput, { minLength: 1, maxLength: 25 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }),
      fc.record({
        batchRecords: fc.integer({ min: 1, max: 12 }),
        // From "every record is cut off by size" to "none ever is".
        batchBytes: fc.constantFrom(4096, 16_384, 524_288),
        outboxEntries: fc.integer({ min: 1, max: 10 }),
      }),
      async (inputs, fetches, limits) => {
        let fetch = 0
        const recordsPerFetch = (): number => fetches[fetch++ % fetches.length]!
        const driver = await openDriven({ recordsPerFetch, limits })
        pipeAll(driver, inputs)
        await driver.settle()
        assert.deepEqual(
          outcomeOf(driver, inputs),
          await plainOutcome(inputs, { batchBytes: limits.batchBytes }),
        )
        await driver.close()
      },
    ),
    { numRuns: 80 },
  )
})
