import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { InvocationAttempted } from '@cordon/schemas'

import { judged, newKernel, outcome, play, raising, taughtKernel } from '../test/play.ts'
import type { Call } from '../test/session-log.ts'
import { logStart, sessionLog, table, target } from '../test/session-log.ts'
import { encodeSession } from './session/encode-session.ts'
import { limits } from './session/limits.ts'
import { query, read, usual, write, silent } from '../test/usual-calls.ts'

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

const oneAttempt = (): InvocationAttempted => {
  const event = sessionLog({}, [{ ...read, invocationId: 'late' }])[1]!
  if (event.name !== 'InvocationAttempted') throw new Error('expected an attempt')
  return event.value
}
