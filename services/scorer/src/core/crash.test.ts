import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createLocalSerde } from '@cordon/serde'

import type { DrivenScorer } from '../fixtures/driven-scorer.ts'
import { encodeEvent, openDrivenScorer, tickAt, untaughtKernel } from '../fixtures/driven-scorer.ts'
import type { Outcome } from '../fixtures/outcome.ts'
import { outcomeOf } from '../fixtures/outcome.ts'
import { attempted, completed, ended, entity, gated, opened } from '../fixtures/session-events.ts'

const codec = createLocalSerde()
const start = Date.UTC(2026, 0, 1)
const bad = '0.00000000-0000-4000-8000-000000000001'
const good = '0.00000000-0000-4000-8000-000000000002'

// Every kind of output: decisions, signals, verdicts, a dead letter, a tombstone. Two records to a fetch, so that they
// are spread over several commits.
const options = {
  kernel: untaughtKernel({ thresholds: { verify: 1, readOnly: 20, suspend: 30 } }),
  recordsPerFetch: () => 2,
}
const records: readonly (readonly [string, Buffer])[] = [
  ...[
    opened(bad, start),
    opened(good, start),
    attempted(bad, start, 'read'),
    completed(bad, start, 'read', { entities: [entity(5)] }),
    attempted(bad, start, 'write', { ...gated, sequence: 1, entities: [entity(5, true)] }),
    ended(good, start),
  ].map(event => [event.value.sessionId, encodeEvent(codec, event)] as const),
  [bad, Buffer.from('no record')],
]

/** Writes the log; then what a minute later makes of it. */
const openWithLog = async (): Promise<DrivenScorer> => {
  const scorer = await openDrivenScorer(options)
  for (const [key, value] of records) scorer.driver.pipe({ key, value })
  return scorer
}

const finish = async ({ driver }: DrivenScorer): Promise<Outcome> => {
  await driver.advance(start + 61_000 - driver.now)
  const [key, value] = tickAt(codec, driver.now)
  driver.pipe({ key, value })
  await driver.settle()
  return outcomeOf(driver)
}

test('a crash between any two steps loses no decision and repeats none unrecognisably', async () => {
  const { verdicts, ...expected } = await finish(await openWithLog())
  // Two openings, a standing, an end, a tombstone; and what bands of the score add.
  assert.ok(expected.decisions.length >= 5)
  assert.equal(expected.signals.length, 1)
  assert.equal(expected.deadLetters.length, 1)
  assert.equal(verdicts.length, 1)

  let steps = 0
  for (let isOver = false; !isOver; steps += 1) {
    const scorer = await openWithLog()
    for (let step = 0; step < steps && !isOver; step += 1) isOver = (await scorer.driver.step()) === undefined
    scorer.driver.crash()
    scorer.driver.start()
    const { verdicts: answered, ...kept } = await finish(scorer)
    assert.deepEqual(kept, expected, `crashed after ${steps} steps`)
    assert.ok(answered.every(verdict => verdicts.includes(verdict)))
  }
  // Four commits and their outputs, in two halves each: less would mean that the test misses something.
  assert.ok(steps > 20, `${steps} steps`)
})

test('an owner that stood still while another took over decides nothing any more', async () => {
  const { verdicts: _, ...expected } = await finish(await openWithLog())
  for (let steps = 0; steps < 24; steps += 3) {
    const scorer = await openWithLog()
    for (let step = 0; step < steps; step += 1) await scorer.driver.step()
    const zombie = scorer.driver.isolate()
    scorer.driver.start()
    await scorer.driver.settle()
    zombie.wake()
    const { verdicts: _, ...kept } = await finish(scorer)
    assert.deepEqual(kept, expected, `stood still after ${steps} steps`)
  }
})
