import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import fc from 'fast-check'

import type { StreamDriver } from '../driver/stream-driver.ts'
import { special } from '../fixtures/counting-processor.ts'
import type { Count } from '../fixtures/counting-processor.ts'
import { plainCodec } from '../fixtures/plain-codec.ts'
import type { DecodedRecord, RecordCodec } from '../ports.ts'
import { openDriven, outcomeOf, pipeAll, plainOutcome } from '../fixtures/driven-run.ts'
import type { Input } from '../fixtures/driven-run.ts'

// Every kind of output, a deletion, a poison record, and a key that two records share; two to a fetch, so that there are
// several commits.
const inputs: readonly Input[] = [
  ['a', 1],
  ['b', 2],
  ['a', 3],
  ['a', special.breaks],
  ['b', special.deletes],
  ['a', special.touchesOther],
  ['b', 9],
]
const perFetch = { recordsPerFetch: () => 2 }

const run = async (driver: StreamDriver<Count>, steps: number): Promise<boolean> => {
  for (let step = 0; step < steps; step += 1) if ((await driver.step()) === undefined) return false
  return true
}

/** For each number of steps: so many of them, then `interrupt`. Ends when everything was over before. */
const afterEachStep = async (
  interrupt: (driver: StreamDriver<Count>, steps: number) => Promise<void>,
): Promise<number> => {
  for (let steps = 0; ; steps += 1) {
    const driver = await openDriven(perFetch)
    pipeAll(driver, inputs)
    if (!(await run(driver, steps))) return steps
    await interrupt(driver, steps)
    await driver.close()
  }
}

describe('a crash between any two steps', () => {
  test('loses no output and repeats none unrecognisably', async () => {
    const expected = await plainOutcome(inputs)
    const steps = await afterEachStep(async (driver, after) => {
      driver.crash()
      driver.start()
      await driver.settle()
      assert.deepEqual(outcomeOf(driver, inputs), expected, `crashed after ${after} steps`)
    })
    // Four commits, each with its outputs, in two halves each: less would mean that the test misses something.
    assert.ok(steps > 20, `${steps} steps`)
  })

  test('of the new owner, too, at any of its steps', async () => {
    const expected = await plainOutcome(inputs)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }), async crashes => {
        const driver = await openDriven(perFetch)
        pipeAll(driver, inputs)
        for (const steps of crashes) {
          await run(driver, steps)
          driver.crash()
          driver.start()
        }
        await driver.settle()
        assert.deepEqual(outcomeOf(driver, inputs), expected)
        await driver.close()
      }),
      { numRuns: 60 },
    )
  })

  test('loses nothing when the changelog is compacted before the new owner reads it', async () => {
    const expected = await plainOutcome(inputs)
    await afterEachStep(async (driver, after) => {
      driver.crash()
      driver.compact('scorer-state')
      driver.start()
      await driver.settle()
      assert.deepEqual(outcomeOf(driver, inputs), expected, `crashed after ${after} steps`)
    })
  })
})

describe('an owner that stood still between any two steps, while another took over', () => {
  test('writes nothing any more when it wakes up, and does not fence the new owner in turn', async () => {
    const expected = await plainOutcome(inputs)
    await afterEachStep(async (driver, after) => {
      const zombie = driver.isolate()
      driver.start()
      await driver.settle()
      // What it had on its way arrives, it goes on where it stood, and joins the group anew.
      zombie.wake()
      await driver.advance(2000)
      assert.deepEqual(outcomeOf(driver, inputs), expected, `woke after ${after} steps`)
      requireOneOwnerAtATime(driver)
    })
  })
})

/** A generation claims once, after all earlier ones, and from its claim on nobody else commits. */
const requireOneOwnerAtATime = (driver: StreamDriver<Count>): void => {
  const codec = plainCodec()
  let owner = 0
  for (const { value } of driver.log('scorer-state')) {
    const record = value === null ? undefined : decodeOwn(codec, value)
    if (record?.name === 'Claim') {
      assert.ok(record.value.generation > owner)
      owner = record.value.generation
    } else if (record?.name === 'Position') {
      assert.equal(record.value.generation, owner)
    }
  }
}

// States are bytes of the processor's own.
const decodeOwn = (codec: RecordCodec, value: Buffer): DecodedRecord | undefined =>
  value.includes('"name"') ? codec.decode(value) : undefined
