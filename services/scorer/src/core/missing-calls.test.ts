import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { DrivenScorer } from '../fixtures/driven-scorer.ts'
import { openDrivenScorer } from '../fixtures/driven-scorer.ts'
import { attempted, denied, ended, opened } from '../fixtures/session-events.ts'

const one = '0.00000000-0000-4000-8000-000000000001'
const second = 1000

/** A session whose agent made calls of these numbers. */
const callWith = async (scorer: DrivenScorer, ...proofSequences: readonly number[]): Promise<void> => {
  const { now } = scorer.driver
  for (const proofSequence of proofSequences)
    await scorer.write(attempted(one, now, `call-${proofSequence}`, { proofSequence }))
}

const openSession = async (): Promise<DrivenScorer> => {
  const scorer = await openDrivenScorer()
  await scorer.write(opened(one, scorer.driver.now))
  return scorer
}

const missing = (scorer: DrivenScorer) =>
  scorer.published('security-signals', 'SecuritySignal').filter(({ kind }) => kind === 'call_unreported')

/**
 * @fault an agent makes a call that no engine gets to see, or that no engine puts on record
 * @behaviour its next call shows the gap; 30 s later subscribers get a signal `call_unreported`, and the session's score says why
 * @counter none: it is the session's own evidence
 */
test('raises a signal for a call that went past every engine', async () => {
  const scorer = await openSession()
  await callWith(scorer, 0, 1, 3)
  await scorer.driver.advance(29 * second)
  await scorer.tick()
  assert.deepEqual(missing(scorer), [])
  await scorer.driver.advance(second)
  const version = await scorer.tick()
  const fact = '1 call that the agent signed was reported by no engine, the first with number 2'
  assert.deepEqual(missing(scorer), [
    {
      sessionId: one,
      signalId: `${one}/${version}/call_unreported`,
      kind: 'call_unreported',
      human: 'ada',
      agentId: scorer.session(one)?.agentId,
      standing: 'trusted',
      score: missing(scorer)[0]?.score,
      contributions: [{ signal: 'integrity', nats: 0.5, fact }],
      occurredAt: scorer.driver.now,
    },
  ])
  assert.equal(scorer.session(one)?.evidence[5], 0.5)
  await scorer.tick()
  assert.equal(missing(scorer).length, 1)
})

test('a call that was only overtaken raises nothing', async () => {
  const scorer = await openSession()
  await callWith(scorer, 1, 3, 2, 0)
  await scorer.driver.advance(60 * second)
  await scorer.tick()
  assert.deepEqual(missing(scorer), [])
})

/**
 * @fault a lying proxy has a call refused for its rate, or the session stopped, and hides calls meanwhile
 * @behaviour nothing is forgiven by time: 30 s after the gap showed subscribers get the signal `call_unreported`
 * @counter none: it is the session's own evidence
 */
test('raises a signal for calls that are missing after a refusal for the rate or by the kill switch', async () => {
  for (const reason of ['RATE_LIMITED', 'REVOKED']) {
    const scorer = await openSession()
    await callWith(scorer, 0)
    await scorer.write(denied(one, scorer.driver.now, 'refused', { reason, proofSequence: 1 }))
    await callWith(scorer, 10)
    await scorer.driver.advance(60 * second)
    await scorer.tick()
    assert.match(missing(scorer)[0]!.contributions[0]!.fact, /^8 calls .* with number 2$/)
  }
})

test('a refused call is no missing one', async () => {
  const scorer = await openSession()
  await callWith(scorer, 0)
  await scorer.write(denied(one, scorer.driver.now, 'unknown', { reason: 'TOOL_UNKNOWN', proofSequence: 1 }))
  await callWith(scorer, 2)
  await scorer.driver.advance(60 * second)
  await scorer.tick()
  assert.deepEqual(missing(scorer), [])
})

test('a scorer that takes over waits on for what is missing', async () => {
  const scorer = await openSession()
  await callWith(scorer, 4)
  scorer.driver.crash()
  scorer.driver.start()
  await scorer.driver.advance(30 * second)
  await scorer.tick()
  assert.match(missing(scorer)[0]!.contributions[0]!.fact, /^4 calls .* with number 0$/)
})

/**
 * @fault a proxy has one call carried out at two engines, or two calls with one number of a proof
 * @behaviour both are on record with that number: the session's score says so, weakly for one and up to asking for approvals for many
 * @counter none: it is the session's own evidence
 */
test('a number of a proof that two calls have is evidence, also where a scorer takes over between them', async () => {
  const scorer = await openSession()
  await callWith(scorer, 0, 1)
  scorer.driver.crash()
  scorer.driver.start()
  const { now } = scorer.driver
  await scorer.write(attempted(one, now, 'again', { engineId: 'another', proofSequence: 1 }))
  assert.equal(scorer.session(one)?.evidence[5], 0.5)
  assert.equal(scorer.session(one)?.facts[5]?.code, 'sequence-reused')
})

/**
 * @fault the last call that an agent makes before its session ends goes past every engine
 * @behaviour the session's end changes nothing: 30 s after the gap showed subscribers get the signal `call_unreported`
 * @counter none: it is the session's own evidence
 */
test('raises a signal for a call that is missing when its session ends', async () => {
  const scorer = await openSession()
  await callWith(scorer, 0, 2)
  await scorer.driver.advance(second)
  await scorer.write(ended(one, scorer.driver.now))
  await scorer.driver.advance(28 * second)
  await scorer.tick()
  assert.deepEqual(missing(scorer), [])
  scorer.driver.crash()
  scorer.driver.start()
  await scorer.driver.advance(second)
  await scorer.tick()
  await scorer.tick()
  assert.deepEqual(
    missing(scorer).map(({ standing, contributions }) => [standing, contributions[0]?.fact]),
    [['ended', '1 call that the agent signed was reported by no engine, the first with number 1']],
  )
})

test("a call that its session's end overtook raises nothing, whether it was let through or refused", async () => {
  const scorer = await openSession()
  await callWith(scorer, 0, 3)
  const { now } = scorer.driver
  await scorer.write(ended(one, now))
  await callWith(scorer, 1)
  await scorer.write(denied(one, now, 'late', { reason: 'SESSION_ENDED', proofSequence: 2 }))
  await scorer.driver.advance(60 * second)
  await scorer.tick()
  assert.deepEqual(missing(scorer), [])
})
