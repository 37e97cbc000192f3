import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { createLocalSerde } from '@cordon/serde'

import { encodeEvent, openDrivenScorer, testSigner, untaughtKernel } from '../fixtures/driven-scorer.ts'
import { attempted, completed, ended, entity, gated, opened } from '../fixtures/session-events.ts'

const one = '0.00000000-0000-4000-8000-000000000001'
const other = '0.00000000-0000-4000-8000-000000000002'
const codec = createLocalSerde()
const garbage = Buffer.from('no record')
/** Driver time at the start. */
const start = Date.UTC(2026, 0, 1)

/** Reads entity 5, then writes to it: an argument whose target came from a result. */
const hijack = [
  opened(one, start),
  attempted(one, start, 'read'),
  completed(one, start, 'read', { entities: [entity(5)] }),
  attempted(one, start, 'write', { ...gated, sequence: 1, entities: [entity(5, true)] }),
]

describe('a session', () => {
  test('is trusted by its first decision, whose version is the offset of its opening', async () => {
    const scorer = await openDrivenScorer()
    await scorer.write(opened(other, start))
    const offset = await scorer.write(opened(one, start - 40))
    const decision = scorer.published('session-decisions', 'SessionDecision').at(-1)
    assert.equal(offset, 1)
    assert.deepEqual(decision, {
      sessionId: one,
      version: 1,
      standing: 'trusted',
      score: decision?.score,
      evidence: 0,
      contributions: [],
      decidedAt: start - 40,
      causedBy: null,
      baselineVersion: 0,
      baselineSessions: 0,
      bundleVersion: 7,
      thresholdBasis: 'bundle',
      standingVersion: 1,
      ...testSigner.sign({ sessionId: one, standing: 'trusted', standingVersion: 1 }),
    })
  })

  test('is not washed clean by a second opening', async () => {
    const scorer = await openDrivenScorer({
      kernel: untaughtKernel({ thresholds: { verify: 0.1, readOnly: 0.2, suspend: 0.3 } }),
    })
    await scorer.write(...hijack)
    const before = scorer.published('session-decisions', 'SessionDecision')
    assert.equal(before.at(-1)?.standing, 'suspended')
    await scorer.write(opened(one, start))
    assert.deepEqual(scorer.published('session-decisions', 'SessionDecision'), before)
    assert.equal(scorer.session(one)?.standing, 'suspended')
  })

  test('cannot be opened once more on another partition', async () => {
    const scorer = await openDrivenScorer({ partitions: 2 })
    await scorer.write(opened(one, start))
    scorer.driver.pipe({ partition: 1, key: one, value: encodeEvent(codec, opened(one, start)) })
    await scorer.driver.settle()
    assert.equal(scorer.driver.outputs('session-decisions', 1).length, 0)
    assert.equal(scorer.driver.outputs('dead-letters', 1).length, 1)
  })

  test('has its end told, and nothing that comes later counts', async () => {
    const scorer = await openDrivenScorer()
    await scorer.write(opened(one, start))
    const offset = await scorer.write(ended(one, start))
    await scorer.write(attempted(one, start, 'late', gated), ended(one, start))
    const decisions = scorer.published('session-decisions', 'SessionDecision')
    assert.equal(decisions.length, 2)
    assert.equal(decisions[1]?.standing, 'ended')
    assert.equal(decisions[1]?.version, offset)
    assert.equal(scorer.published('gate-verdicts', 'GateVerdict')[0]?.verdict, 'deny')
  })
})

describe('a gated attempt', () => {
  test('of a session that nobody knows is denied', async () => {
    const scorer = await openDrivenScorer()
    const offset = await scorer.write(attempted(one, start, 'call', { ...gated, sequence: 3 }))
    assert.deepEqual(scorer.published('gate-verdicts', 'GateVerdict'), [
      {
        engineId: 'engine',
        sessionId: one,
        invocationId: 'call',
        sequence: 3,
        verdict: 'deny',
        standing: 'unknown',
        score: 0,
        evidence: 0,
        contributions: [],
        version: offset,
        decidedAt: start,
        ...testSigner.signVerdict({
          engineId: 'engine',
          sessionId: one,
          invocationId: 'call',
          verdict: 'deny',
        }),
      },
    ])
    assert.equal(scorer.driver.state(one), undefined)
  })

  test('on a target from a result is held, moves the standing and raises a signal', async () => {
    const scorer = await openDrivenScorer({
      kernel: untaughtKernel({ thresholds: { verify: 0.1, readOnly: 50, suspend: 60 } }),
    })
    const version = await scorer.write(...hijack)
    const [verdict] = scorer.published('gate-verdicts', 'GateVerdict')
    assert.equal(verdict?.verdict, 'hold')
    assert.equal(verdict?.standing, 'verify')
    const decision = scorer.published('session-decisions', 'SessionDecision').at(-1)
    assert.equal(decision?.standing, 'verify')
    assert.equal(decision?.causedBy, 'write')
    const nats = decision?.contributions.map(part => part.nats) ?? []
    assert.equal(
      nats.reduce((sum, part) => sum + part, 0),
      decision?.evidence,
    )
    const [signal] = scorer.published('security-signals', 'SecuritySignal')
    assert.equal(signal?.signalId, `${one}/${version}/standing_changed`)
    assert.equal(signal?.human, 'ada')
  })

  test('that suspends raises a signal whose id derives from session and version', async () => {
    const scorer = await openDrivenScorer({
      kernel: untaughtKernel({ thresholds: { verify: 0.1, readOnly: 0.2, suspend: 0.3 } }),
    })
    const version = await scorer.write(...hijack)
    assert.equal(scorer.published('gate-verdicts', 'GateVerdict')[0]?.verdict, 'deny')
    const signals = scorer.published('security-signals', 'SecuritySignal')
    assert.deepEqual(
      signals.map(({ signalId, kind, standing }) => ({ signalId, kind, standing })),
      [{ signalId: `${one}/${version}/session_suspended`, kind: 'session_suspended', standing: 'suspended' }],
    )
  })

  test('that comes again gets the same verdict and changes nothing', async () => {
    const scorer = await openDrivenScorer()
    await scorer.write(...hijack)
    const stateBefore = scorer.driver.log('scorer-state').findLast(({ key }) => String(key) === one)
    const decisionsBefore = scorer.driver.outputs('session-decisions').length
    await scorer.write(hijack.at(-1)!)
    const [first, second] = scorer.published('gate-verdicts', 'GateVerdict')
    assert.deepEqual({ ...second, version: first?.version }, first)
    assert.equal(
      scorer.driver.log('scorer-state').findLast(({ key }) => String(key) === one),
      stateBefore,
    )
    assert.equal(scorer.driver.outputs('session-decisions').length, decisionsBefore)
  })
})

describe('a record that cannot be taken', () => {
  const deadLettersAfter = async (key: string, value: Buffer): Promise<readonly string[]> => {
    const scorer = await openDrivenScorer()
    await scorer.write(opened(one, start))
    await scorer.writeBytes(key, value)
    const evidence = scorer.session(one)?.evidence.reduce((sum, part) => sum + part, 0)
    // What garbles the log of a session must not gain by it: 2 nats, as the kernel's model says.
    assert.equal(evidence, 2)
    return scorer.published('dead-letters', 'DeadLetter').map(({ reason }) => reason)
  }

  test('goes to the dead letters and raises the risk of the session that its key names', async () => {
    assert.match((await deadLettersAfter(one, garbage))[0]!, /^POISON_RECORD/)
  })

  test("rejects a record that stands under another session's key", async () => {
    const [reason] = await deadLettersAfter(one, encodeEvent(codec, ended(other, start)))
    assert.match(reason!, /RECORD_KEY_MISMATCH/)
  })

  test("rejects a record that belongs into no session's log", async () => {
    const beat = codec.encode('session-decisions', 'Beat', {
      partition: 0,
      position: 0,
      beatAt: start,
      keyId: '',
      signature: Buffer.alloc(0),
    })
    assert.match((await deadLettersAfter(one, beat))[0]!, /RECORD_MISPLACED/)
  })

  test('leaves sessions alone that its key does not name', async () => {
    const scorer = await openDrivenScorer()
    await scorer.write(opened(one, start))
    await scorer.writeBytes(other, garbage)
    assert.equal(scorer.published('dead-letters', 'DeadLetter').length, 1)
    assert.equal(scorer.published('session-decisions', 'SessionDecision').length, 1)
  })

  test('suspends in the long run', async () => {
    const scorer = await openDrivenScorer()
    await scorer.write(opened(one, start))
    for (let poison = 0; poison < 5; poison += 1) await scorer.writeBytes(one, garbage)
    const decision = scorer.published('session-decisions', 'SessionDecision').at(-1)
    assert.equal(decision?.standing, 'suspended')
    assert.deepEqual(
      decision?.contributions.map(({ signal }) => signal),
      ['integrity'],
    )
  })
})
