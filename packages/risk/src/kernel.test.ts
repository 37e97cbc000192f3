import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { InvocationAttempted, InvocationDenied } from '@cordon/schemas'

import { judged, newKernel, outcome, play, raising, taughtKernel } from '../test/play.ts'
import type { Call } from '../test/session-log.ts'
import { logStart, mention, sessionLog, table, target } from '../test/session-log.ts'
import { copySession } from './session/copy-session.ts'
import { decodeSession } from './session/decode-session.ts'
import { encodeSession } from './session/encode-session.ts'
import { limits } from './session/limits.ts'

const query = (...tables: readonly string[]): Call => ({ tool: 'db/query', resources: tables.map(table) })
const read: Call = { tool: 'fs/read', sensitivity: 1 }
const write: Call = { tool: 'fs/write', sensitivity: 2, readOnly: false, mode: 'gate' }
const usual = [read, query('orders', 'customers'), query('orders'), write]
const silent = {
  tool: 0,
  resource: 0,
  rate: 0,
  provenance: 0,
  failures: 0,
  integrity: 0,
  argument: 0,
  volume: 0,
}

describe('what raises and lowers the score', () => {
  const kernel = taughtKernel(usual)

  test('a table never accessed before raises it, and says which', () => {
    const known = judged(kernel, [read, query('orders')])
    const novel = judged(kernel, [read, query('payroll')])
    assert.ok(novel.score > known.score)
    assert.deepEqual(
      raising(novel).map(({ signal, fact }) => ({ signal, fact })),
      [{ signal: 'resource', fact: 'first time this agent reads table payroll (db/query)' }],
    )
  })

  test('a table counts as new once per session', () => {
    const once = judged(kernel, [read, query('payroll')])
    const twice = judged(kernel, [read, query('payroll'), query('payroll')])
    assert.ok(twice.evidence <= once.evidence)
  })

  test('an unusual rate raises it, and it falls when the session slows down', () => {
    const burst = Array.from({ length: 40 }, (): Call => ({ ...query('orders'), afterMs: 50 }))
    const fast = judged(kernel, burst)
    assert.ok(fast.contributions.some(({ signal }) => signal === 'rate'))
    const rateOf = (calls: readonly Call[]): number =>
      judged(kernel, calls).contributions.find(({ signal }) => signal === 'rate')?.nats ?? 0
    assert.ok(rateOf(burst) > 2)
    assert.equal(rateOf([...burst, { ...query('orders'), afterMs: 300_000 }]), 0)
  })

  test('a tool outside the working set raises it significantly', () => {
    const inside = judged(kernel, [read, query('orders')])
    const outside = judged(kernel, [read, { tool: 'admin/drop', sensitivity: 3, readOnly: false }])
    assert.ok(outside.evidence > inside.evidence + 1.5)
    assert.match(outside.contributions[0]!.fact, /first time this agent calls admin\/drop/)
    // That what it acts on came out of no result makes it no less unusual.
    const aimed = judged(kernel, [
      read,
      { tool: 'admin/drop', sensitivity: 3, readOnly: false, mode: 'gate', entities: [target(77)] },
    ])
    assert.ok(aimed.evidence >= outside.evidence)
  })

  test('behaviour that matches the baseline lowers it', () => {
    const raised = outcome(kernel, [read, { tool: 'admin/drop', sensitivity: 3, readOnly: false }])
    const settled = outcome(kernel, [
      read,
      { tool: 'admin/drop', sensitivity: 3, readOnly: false },
      ...usual,
      ...usual,
    ])
    assert.ok(settled.score < raised.score)
  })

  test('a session that works as usual is trusted and scores by its prior alone', () => {
    const { standing, evidence } = outcome(kernel, [...usual, ...usual])
    assert.equal(standing, 'trusted')
    assert.ok(evidence <= 0)
  })

  test('failures raise it, and so do refused attempts at what was not granted', () => {
    const failing = Array.from({ length: 4 }, (): Call => ({ ...read, outcome: 'error' }))
    assert.match(raising(outcome(kernel, failing))[0]!.fact, /fs\/read failed/)
    const refused = outcome(kernel, [{ ...read, refused: 'TOOL_NOT_GRANTED' }])
    assert.match(raising(refused)[0]!.fact, /fs\/read was refused/)
    assert.ok(outcome(kernel, [{ ...read, refused: 'STEP_UP_REQUIRED' }]).evidence <= 0)
  })
})

describe('where an argument comes from', () => {
  // Beyond reach, so that only the gate rule holds.
  const kernel = newKernel({ thresholds: { verify: 99, readOnly: 99, suspend: 99 } })

  test('holds a gated call on a target that came out of a result', () => {
    const assessment = judged(kernel, [
      { ...read, result: [7, 8] },
      query('orders'),
      { ...write, entities: [target(8)] },
    ])
    assert.equal(assessment.verdict, 'hold')
    assert.equal(assessment.standing, 'trusted')
    assert.deepEqual(
      assessment.contributions.map(({ fact }) => fact),
      [
        'first time anyone meets the path that fs/write acts on; it came from the result of fs/read 2 calls earlier',
      ],
    )
  })

  test('does not hold on what sessions that were learned from have met, but counts it', () => {
    const aware = taughtKernel([{ ...read, result: [8] }, write], {
      thresholds: { verify: 99, readOnly: 99, suspend: 99 },
    })
    const assessment = judged(aware, [
      { ...read, result: [8] },
      { ...write, entities: [target(8)] },
    ])
    assert.equal(assessment.verdict, 'forward')
    assert.deepEqual(
      raising(assessment).map(({ fact }) => fact),
      ['the path that fs/write acts on came from the result of fs/read 1 call earlier'],
    )
  })

  test('does not hold what the session brought along before any result showed it', () => {
    const assessment = judged(kernel, [
      { ...read, entities: [mention(8)], result: [8] },
      { ...write, entities: [target(8)] },
    ])
    assert.equal(assessment.verdict, 'forward')
    assert.equal(assessment.evidence, 0)
  })

  test('does not hold what the agent uses anyway', () => {
    const taught = taughtKernel([read, { ...write, entities: [target(8)] }])
    assert.equal(
      judged(taught, [
        { ...read, result: [8] },
        { ...write, entities: [target(8)] },
      ]).verdict,
      'forward',
    )
  })

  test('a quotation in another argument weighs less and never holds a call by itself', () => {
    const quoted = judged(kernel, [
      { ...read, result: [8] },
      { ...write, entities: [mention(8)] },
    ])
    const aimed = judged(kernel, [
      { ...read, result: [8] },
      { ...write, entities: [target(8)] },
    ])
    assert.equal(quoted.verdict, 'forward')
    assert.ok(quoted.evidence < aimed.evidence)
  })

  test('a tool that is neither sensitive nor gated is not judged by it', () => {
    const harmless: Call = { ...write, mode: 'enforce', sensitivity: 1, entities: [target(8)] }
    assert.equal(judged(kernel, [{ ...read, result: [8] }, harmless]).evidence, 0)
  })

  test('overflow counts as tainted, and trying again does not launder it', () => {
    const calls = [
      { ...read, resultOverflow: true },
      { ...write, entities: [target(9)] },
    ]
    assert.equal(judged(kernel, calls).verdict, 'hold')
    assert.equal(judged(kernel, [...calls, { ...write, entities: [target(9)] }]).verdict, 'hold')
    assert.match(judged(kernel, calls).contributions[0]!.fact, /too many values to tell/)
  })

  test('a flood of results is no way around it', () => {
    const flood = Array.from({ length: 12 }, (_, call): Call => ({
      ...read,
      result: Array.from({ length: 64 }, (_, entity) => 1000 + 64 * call + entity),
    }))
    assert.equal(judged(kernel, [...flood, { ...write, entities: [target(1000 + 64 * 11)] }]).verdict, 'hold')
  })

  test('one server’s results move the score only so far', () => {
    const calls = Array.from({ length: 20 }, (_, call): Call[] => [
      { ...read, result: [100 + call] },
      { ...write, entities: [target(100 + call)] },
    ]).flat()
    const { evidence, standing } = outcome(newKernel({ weights: { ...silent, provenance: 1 } }), calls)
    assert.ok(evidence <= 6)
    assert.notEqual(standing, 'suspended')
  })
})

describe('weights', () => {
  const hijack = [
    { ...read, result: [8] },
    { ...write, entities: [target(8)], resources: [table('payroll')] },
  ]

  test('with all at zero nothing ever scores and the hijack passes', () => {
    const kernel = taughtKernel(usual, { weights: silent })
    const assessment = judged(kernel, [...hijack, { tool: 'admin/drop', sensitivity: 3, outcome: 'error' }])
    assert.equal(assessment.evidence, 0)
    assert.equal(judged(kernel, hijack).verdict, 'forward')
    assert.notEqual(judged(taughtKernel(usual), hijack).verdict, 'forward')
  })

  test('refuses an unknown signal, a negative weight and thresholds out of order', () => {
    const code = 'KERNEL_OPTION_INVALID'
    assert.throws(() => newKernel({ weights: { toool: 1 } }), { code })
    assert.throws(() => newKernel({ weights: { tool: -1 } }), { code })
    assert.throws(() => newKernel({ thresholds: { verify: 3, readOnly: 2, suspend: 9 } }), { code })
  })
})

describe('a new agent', () => {
  test('is neither blocked for being new nor trusted with what came out of a result', () => {
    const kernel = taughtKernel(usual, { who: { agentId: 'other', role: 'clerk' } })
    const stranger = { agentId: 'stranger', role: 'nobody' }
    assert.equal(outcome(kernel, [...usual, query('payroll'), ...usual], stranger).standing, 'trusted')
    assert.ok(outcome(kernel, [...usual, query('payroll')], stranger).evidence < 1)
    const hijack = [
      { ...read, result: [8] },
      { ...write, entities: [target(8)] },
    ]
    assert.equal(judged(kernel, hijack, stranger).verdict, 'hold')
  })

  test('waits with what came out of a result, and goes on with the rest: nothing is foreign where nobody has met anything', () => {
    const kernel = taughtKernel(usual, { who: { agentId: 'other', role: 'clerk' } })
    const stranger = { agentId: 'stranger', role: 'nobody' }
    const found = [{ ...read, result: [8] }, { ...write, entities: [target(8)] }, write]
    const { standing, verdict, evidence } = judged(kernel, found, stranger)
    assert.deepEqual([standing, verdict], ['trusted', 'forward'])
    // A known agent that does so is no longer trusted: of it one can say that the target is foreign.
    const known = judged(kernel, found, { agentId: 'other', role: 'clerk' })
    assert.notEqual(known.standing, 'trusted')
    assert.ok(evidence < known.evidence - 1.5)
  })

  test('is judged by its role where that is known', () => {
    const kernel = taughtKernel(usual, { who: { agentId: 'other' } })
    const call: Call = { tool: 'admin/drop', sensitivity: 3, readOnly: false }
    assert.ok(judged(kernel, [read, call], { agentId: 'stranger' }).evidence > 1)
    assert.ok(judged(kernel, [read, query('orders')], { agentId: 'stranger' }).evidence < 0.1)
  })
})

describe('what the log may do', () => {
  const calls = [
    { ...read, result: [8] },
    { ...write, entities: [target(8)] },
  ]

  test('a repeated record changes nothing and gets the same verdict', () => {
    const kernel = newKernel()
    const log = sessionLog({}, calls)
    const { session, assessments } = play(kernel, log)
    const before = encodeSession(session)
    const again = play(kernel, [...log, ...log.slice(1)])
    assert.deepEqual(encodeSession(again.session), before)
    assert.ok(again.assessments.slice(assessments.length).every(({ duplicate }) => duplicate))
    assert.equal(again.assessments.at(-2)!.verdict, 'hold')
  })

  test('late calls score but do not count for the rate', () => {
    const kernel = taughtKernel(usual)
    const spooled = Array.from({ length: 8 }, (): Call => ({
      ...query('payroll'),
      afterMs: 0,
      lateMs: 60_000,
    }))
    const { contributions } = judged(kernel, spooled)
    assert.deepEqual(
      contributions.map(({ signal }) => signal).filter(signal => signal === 'rate' || signal === 'resource'),
      ['resource'],
    )
  })

  test('time that runs backwards takes nothing away', () => {
    const kernel = newKernel()
    const { session } = play(kernel, sessionLog({}, calls))
    const { evidence } = kernel.assess(session)
    kernel.undecodable(session, logStart - 1_000_000)
    assert.ok(kernel.assess(session).evidence > evidence)
  })

  test('time that jumps a year ahead lets no hijack through', () => {
    const { verdict, evidence } = judged(newKernel(), [
      { ...read, result: [8] },
      { ...write, entities: [target(8)], afterMs: 365 * 86_400_000 },
    ])
    assert.equal(verdict, 'hold')
    assert.ok(evidence > 0 && Number.isFinite(evidence))
  })

  test('after 100,000 calls a session is as small as ever, and its hijack is held', () => {
    const hijack: readonly Call[] = [
      { ...read, result: [8] },
      { ...write, entities: [target(8)] },
    ]
    const usualCalls = Array.from({ length: 100_000 }, () => read)
    const log = sessionLog({}, [...usualCalls, ...hijack])
    const { session, assessments } = play(newKernel(), log)
    assert.equal(session.calls, 100_002)
    assert.ok(encodeSession(session).length <= limits.stateBytes)
    assert.equal(assessments.at(-2)?.verdict, 'hold')
  })

  test('missing attempts are noticed, per engine', () => {
    const noGap = judged(newKernel(), [
      read,
      { ...read, engineId: 'other', sequence: 0 },
      { ...read, sequence: 1 },
    ])
    assert.equal(noGap.gaps, 0)
    assert.equal(judged(newKernel(), [read, { ...read, sequence: 4 }]).gaps, 3)
  })

  test('a record that nobody can read raises the score', () => {
    const kernel = newKernel()
    const { session } = play(kernel, sessionLog({}, [read]))
    const [contribution] = kernel.undecodable(session, logStart + 20_000).contributions
    assert.deepEqual(contribution, {
      signal: 'integrity',
      nats: 2,
      fact: 'a record of this session could not be read',
    })
  })

  test('a replayed proof raises the score: somebody has what the agent sent', () => {
    const { contributions } = outcome(newKernel(), [read, { ...read, refused: 'PROOF_REPLAYED' }])
    assert.deepEqual(
      contributions.filter(({ signal }) => signal === 'integrity'),
      [
        {
          signal: 'integrity',
          nats: 3,
          fact: 'the proof of a call of fs/read came a second time: somebody has what the agent sent',
        },
      ],
    )
  })

  test('a call of a tool that changed under its session raises the score, and says which', () => {
    const says = (drift: Call['drift'] & string): unknown =>
      judged(newKernel(), [read, { ...read, drift }]).contributions.filter(
        ({ signal }) => signal === 'integrity',
      )
    assert.deepEqual(says('none'), [])
    assert.deepEqual(says('changed'), [
      {
        signal: 'integrity',
        nats: 3,
        fact: 'the definition of fs/read changed since this session was first shown it',
      },
    ])
    assert.deepEqual(says('unpinned'), [
      {
        signal: 'integrity',
        nats: 3,
        fact: 'the definition of fs/read is not the one that the catalogue pins',
      },
    ])
  })

  test('a new release of a tool server asks for approvals, and suspends nobody', () => {
    const calls = Array.from({ length: 500 }, (_, number): Call => ({
      ...read,
      tool: number % 2 === 0 ? 'fs/read' : 'fs/list',
      drift: 'changed',
      afterMs: 5_000,
    }))
    const { contributions, standing, evidence } = judged(newKernel(), calls)
    assert.equal(contributions.find(({ signal }) => signal === 'integrity')?.nats, 4)
    assert.equal(
      contributions.reduce((sum, { nats }) => sum + nats, 0),
      evidence,
    )
    assert.equal(standing, 'verify')
  })

  test('a scorer that knows no drift keeps its evidence, without the words for it', () => {
    const kernel = newKernel()
    const { session } = play(kernel, sessionLog({}, [{ ...read, drift: 'changed' }]))
    assert.deepEqual(encodeSession(copySession(session)), encodeSession(session))
    const older = decodeSession(encodeSession(session, 7))
    assert.equal(kernel.assess(older).evidence, kernel.assess(session).evidence)
    assert.doesNotMatch(JSON.stringify(kernel.assess(older).contributions), /definition/)
  })

  test('without the signal a tool that changed raises nothing', () => {
    const without = outcome(newKernel({ weights: { integrity: 0 } }), [{ ...read, drift: 'changed' }])
    assert.deepEqual(
      without.contributions.filter(({ signal }) => signal === 'integrity'),
      [],
    )
  })

  test('whoever replays one captured proof for hours asks for approvals, and suspends nobody', () => {
    const replays = Array.from({ length: 2_000 }, (): Call => ({
      ...read,
      refused: 'PROOF_REPLAYED',
      afterMs: 5_000,
    }))
    const { contributions, standing } = outcome(newKernel(), replays)
    assert.ok((contributions.find(({ signal }) => signal === 'integrity')?.nats ?? 0) <= 4)
    assert.equal(standing, 'verify')
  })

  test('proofs that do not hold raise nothing, however many a stranger sends', () => {
    for (const reason of ['PROOF_INVALID', 'PROOF_MISSING', 'TOKEN_INVALID']) {
      const kernel = newKernel()
      const { session } = play(kernel, sessionLog({}, [read]))
      const { evidence } = kernel.assess(session)
      for (let junk = 0; junk < 500; junk += 1) kernel.deny(session, denial(reason, junk), logStart + 20_000)
      assert.ok(kernel.assess(session).evidence <= evidence, reason)
      kernel.deny(session, denial('PROOF_REPLAYED', 500), logStart + 20_000)
      assert.ok(kernel.assess(session).evidence > evidence + 2)
    }
  })

  test('nothing moves an ended session', () => {
    const kernel = newKernel()
    const { session } = play(kernel, sessionLog({}, calls))
    const ended = kernel.end(session, { sessionId: '0.one', endedAt: 0, reason: 'closed' }, logStart + 90_000)
    assert.equal(ended.standingChanged, true)
    const before = encodeSession(session)
    const after = kernel.attempt(session, oneAttempt(), logStart + 100_000)
    assert.equal(after.verdict, 'deny')
    assert.deepEqual(encodeSession(session), before)
  })
})

const denial = (reason: string, number: number): InvocationDenied => ({
  sessionId: '0.one',
  invocationId: `junk ${number}`,
  deniedAt: logStart,
  tool: 'fs/read',
  verdict: 'deny',
  reason,
  standing: 'trusted',
  proofSequence: null,
})

const oneAttempt = (): InvocationAttempted => {
  const event = sessionLog({}, [{ ...read, invocationId: 'late' }])[1]!
  if (event.name !== 'InvocationAttempted') throw new Error('expected an attempt')
  return event.value
}
