import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createDecisionVerifier } from '@cordon/decisions'
import { createLocalSerde } from '@cordon/serde'

import { forgetAfterMs, openDrivenScorer, testSigner, type DrivenScorer } from '../fixtures/driven-scorer.ts'
import { ended, opened } from '../fixtures/session-events.ts'

const one = '0.00000000-0000-4000-8000-000000000001'
const other = '0.00000000-0000-4000-8000-000000000002'
const codec = createLocalSerde()
const garbage = Buffer.from('no record')

const replayed = (scorer: DrivenScorer, key = one): Promise<number> =>
  scorer.writeBytes(
    key,
    codec.encode('session-events', 'StandingReplayed', {
      sessionId: one,
      standingVersion: 0,
      engineId: 'engine-a',
      seenAt: scorer.driver.now,
    }),
  )

const decisions = (scorer: DrivenScorer) => scorer.published('session-decisions', 'SessionDecision')

test('a replayed standing is answered by the one in force, signed as it was, and by no signal', async () => {
  const scorer = await openDrivenScorer()
  await scorer.write(opened(one, scorer.driver.now))
  for (let turn = 0; turn < 5; turn += 1) await scorer.writeBytes(one, garbage)
  const suspended = decisions(scorer).at(-1)!
  assert.equal(suspended.standing, 'suspended')
  const signals = scorer.published('security-signals', 'SecuritySignal').length
  const version = await replayed(scorer)
  const decidedAt = scorer.driver.now
  assert.deepEqual(decisions(scorer).at(-1), {
    ...suspended,
    version,
    decidedAt,
  })
  assert.ok(createDecisionVerifier([testSigner.key]).verifyStanding(decisions(scorer).at(-1)!))
  assert.equal(scorer.published('security-signals', 'SecuritySignal').length, signals)
  assert.equal(scorer.session(one)?.standing, 'suspended')
})

test('of a session that is forgotten nothing is left standing', async () => {
  const scorer = await openDrivenScorer()
  await scorer.write(opened(one, scorer.driver.now), ended(one, scorer.driver.now))
  await scorer.driver.advance(forgetAfterMs + 1)
  await scorer.tick()
  assert.equal(scorer.session(one), undefined)
  const before = scorer.driver.outputs('session-decisions').length
  await replayed(scorer)
  assert.deepEqual(
    scorer.driver
      .outputs('session-decisions')
      .slice(before)
      .map(({ key, value }) => [String(key), value]),
    [[one, null]],
  )
})

test('rejects a report under another session’s key', async () => {
  const scorer = await openDrivenScorer()
  await scorer.write(opened(one, scorer.driver.now), opened(other, scorer.driver.now))
  const before = decisions(scorer).length
  await replayed(scorer, other)
  assert.equal(scorer.driver.outputs('dead-letters').length, 1)
  assert.deepEqual(
    decisions(scorer)
      .slice(before)
      .filter(({ sessionId }) => sessionId === one),
    [],
  )
})
