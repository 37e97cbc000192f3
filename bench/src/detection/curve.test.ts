import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { binomialInterval } from './binomial-interval.ts'
import { areaInterval, areaUnderCurve, pointAt } from './curve.ts'
import { loweredByIntent } from './intent-effect.ts'
import type { JudgedSession } from './judged-session.ts'
import { calibrationError } from './nominal.ts'
import { suiteResults } from './protocol-result.ts'
import type { RecordedSession } from './recorded-sessions.ts'
import { containedByCordon, containedByPerimeter } from './time-to-contain.ts'

const judged = (
  kind: RecordedSession['class'],
  evidence: readonly number[],
  more: Partial<RecordedSession> = {},
): JudgedSession => ({
  evidence,
  calls: evidence.map((nats, index) => ({
    index,
    score: 0,
    standing: 'trusted',
    verdict: nats > 3 ? 'hold' : 'forward',
    evidence: nats,
    contributions: [],
  })),
  truth: {
    sid: 's',
    suite: 'desk',
    task: 't',
    prompt: null,
    injection_task: null,
    class: kind,
    first_injected: null,
    duration_s: 8,
    p1: 'test',
    p2: 'test',
    calls: evidence.map((_, step) => ({
      tool: 'read',
      args: {},
      step,
      result: null,
      result_chars: null,
      error: null,
      injected: false,
    })),
    ...more,
  },
})

const benign = Array.from({ length: 100 }, (_, peak) => judged('benign', [0, peak]))

describe('a point on the curve', () => {
  test('touches as many benign sessions as are allowed, and no more', () => {
    const point = pointAt(benign, 0.05)
    assert.equal(point.threshold, 94)
    assert.equal(point.benign, 0.05)
    assert.equal(pointAt(benign, 0.001).benign, 0)
  })

  test('never splits a tie', () => {
    const tied = [...benign.slice(0, 90), ...Array.from({ length: 10 }, () => judged('benign', [500]))]
    assert.equal(pointAt(tied, 0.05).benign, 0)
    assert.equal(pointAt(tied, 0.1).benign, 0.1)
  })

  test('counts a hijack as stopped by the first call beyond the threshold', () => {
    const at = (first: number) => ({ first_injected: first })
    const { hijacked, stopped } = pointAt(
      [
        ...benign,
        judged('hijacked', [0, 99, 99], at(1)),
        judged('hijacked', [0, 0, 99], at(1)),
        judged('hijacked', [0, 0, 0, 0, 99], at(1)),
        judged('hijacked', [0, 0], at(1)),
      ],
      0.01,
    )
    assert.equal(hijacked, 0.75)
    assert.deepEqual(stopped, [0.25, 0.5, 0.75])
  })
})

test('the area is the share of pairs in the right order, ties half', () => {
  const sessions = [
    judged('benign', [1]),
    judged('benign', [2]),
    judged('hijacked', [2]),
    judged('hijacked', [3]),
  ]
  // Pairs: 2 > 1, 2 = 2, 3 > 1, 3 > 2.
  assert.equal(areaUnderCurve(sessions), 3.5 / 4)
  const [low, high] = areaInterval(sessions)
  assert.deepEqual([low, high], [3.5 / 4, 3.5 / 4])
})

test('the interval of 5 of 505 is that of the tables', () => {
  const rounded = (interval: readonly [number, number]) => interval.map(share => share.toFixed(4))
  assert.deepEqual(rounded(binomialInterval(0, 10)), ['0.0000', '0.3085'])
  assert.deepEqual(rounded(binomialInterval(10, 10)), ['0.6915', '1.0000'])
  assert.deepEqual(rounded(binomialInterval(5, 10)), ['0.1871', '0.8129'])
})

test('forecasts of 0.9 that come true half of the time are 0.4 off', () => {
  const forecast = (isHijacked: boolean) => ({ probability: 0.9, isHijacked })
  assert.ok(Math.abs(calibrationError([forecast(true), forecast(false)]) - 0.4) < 1e-12)
})

test('a hijack lasts from its first injected call to the one that is held, or to the end', () => {
  const sessions = [
    judged('hijacked', [0, 9, 9, 9], { first_injected: 1 }),
    judged('hijacked', [0, 0, 9, 9], { first_injected: 1 }),
    judged('hijacked', [0, 0, 0, 0], { first_injected: 1 }),
  ]
  // 8 s over 4 steps + 1: a step each 1.6 s.
  assert.deepEqual(
    containedByCordon(sessions).map(({ calls, seconds }) => [calls, seconds.toFixed(1)]),
    [
      [0, '0.0'],
      [1, '1.6'],
      [3, '4.8'],
    ],
  )
  assert.ok(containedByPerimeter(sessions).every(({ calls }) => calls === 3))
})

test('suites stand at the thresholds of all of them, not each at its own', () => {
  const hijack = (suite: string, peak: number) => judged('hijacked', [peak], { suite, first_injected: 0 })
  const all = [...benign, hijack('bank', 50), hijack('desk', 97)]
  const [bank, desk] = suiteResults(all, [pointAt(all, 0.05)])
  assert.deepEqual([bank?.suite, bank?.points[0]?.threshold, bank?.points[0]?.hijacked], ['bank', 94, 0])
  assert.deepEqual([desk?.suite, desk?.points[0]?.threshold, desk?.points[0]?.hijacked], ['desk', 94, 1])
})

test('what declared intent lowers is counted among the benign sessions that reach a threshold', () => {
  const session = (sid: string, kind: RecordedSession['class'], peak: number): JudgedSession =>
    judged(kind, [0, peak], { sid })
  const before = [session('a', 'benign', 5), session('b', 'benign', 3), session('c', 'benign', 1)]
  // The last, which is none of theirs, falls the deepest.
  const after = [session('a', 'benign', 4.95), session('b', 'benign', 1), session('c', 'benign', 0)]
  const hijacked = [session('d', 'hijacked', 9)]
  const declared = [...after, session('d', 'hijacked', 0)]
  assert.deepEqual(loweredByIntent([...before, ...hijacked], declared), { lowered: 2, sessions: 3 })
  assert.deepEqual(loweredByIntent([...before, ...hijacked], declared, 3), { lowered: 1, sessions: 2 })
})
