import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import fc from 'fast-check'

import { newKernel, play } from '../../test/play.ts'
import { sessionLog } from '../../test/session-log.ts'
import type { Call } from '../../test/session-log.ts'
import type { KernelOptions } from '../kernel-options.ts'
import { calibrate } from './calibrate.ts'
import { calibratedThresholds, defaultFalseAlarms } from './calibrated-thresholds.ts'
import { emptyCalibration, noPeaks, peaksOf, quantileOf, sessionsNeeded } from './calibration.ts'
import type { Peaks } from './calibration.ts'
import { groupSessions } from './work-groups.ts'

const upTo = (count: number): Peaks =>
  peaksOf(Array.from({ length: count }, (_, position) => [position + 1, 1] as const))

describe('the conformal quantile', () => {
  test('of 1 to 99 at 5 % is the 95th: ⌈0.95 · 100⌉', () => {
    assert.equal(quantileOf(upTo(99), 0.05), 95)
    assert.equal(quantileOf(upTo(99), 0.01), 99)
  })

  test('is not told by fewer than 1/α − 1 sessions', () => {
    assert.equal(quantileOf(upTo(98), 0.01), undefined)
    assert.equal(quantileOf(upTo(18), 0.05), undefined)
    assert.equal(quantileOf(upTo(19), 0.05), 19)
    assert.equal(quantileOf(noPeaks, 0.05), undefined)
  })

  test('as many sessions as are needed tell a quantile, and one less does not', () => {
    for (const [share, needed] of [
      [0.05, 19],
      [0.01, 99],
      [0.001, 999],
      [0.3, 3],
    ] as const) {
      assert.equal(sessionsNeeded(share), needed)
      assert.notEqual(quantileOf(upTo(needed), share), undefined)
      assert.equal(quantileOf(upTo(needed - 1), share), undefined)
    }
  })

  test('a session of weight 2 counts like two', () => {
    const twice = peaksOf(
      upTo(99).highest.length ? Array.from({ length: 99 }, (_, n) => [n + 1, 2] as const) : [],
    )
    // 198 sessions: 5 % of 199 less one are 8.95, which the five highest reach.
    assert.equal(quantileOf(twice, 0.05), 95)
  })

  test('what is not kept never changes a quantile that a threshold is set at', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1, maxLength: 200 }),
        nats => {
          const samples = nats.map(value => [value, 1] as const)
          const sorted = nats.toSorted((a, b) => a - b)
          for (const share of [0.05, 0.01]) {
            const rank = Math.ceil((1 - share) * (nats.length + 1) - 1e-9)
            const expected = rank > nats.length ? undefined : sorted[rank - 1]
            assert.equal(quantileOf(peaksOf(samples), share), expected)
          }
        },
      ),
    )
  })
})

describe('thresholds', () => {
  const role = (peaks: Peaks) => ({ recurring: peaks, new: noPeaks })
  const scaled = (count: number): Peaks =>
    peaksOf(Array.from({ length: count }, (_, position) => [5 + (5 * position) / count, 1] as const))

  test('rest on the role where it has enough sessions, else on all, else on the model', () => {
    const { basis } = calibratedThresholds(
      { role: role(scaled(50)), all: role(scaled(500)) },
      'recurring',
      defaultFalseAlarms,
    )
    assert.deepEqual(basis, { verify: 'role', readOnly: 'pool', suspend: 'model' })
    const unknown = calibratedThresholds(
      { role: undefined, all: emptyCalibration.all },
      'new',
      defaultFalseAlarms,
    )
    assert.deepEqual(unknown.basis, { verify: 'model', readOnly: 'model', suspend: 'model' })
    assert.deepEqual([unknown.verify, unknown.readOnly, unknown.suspend].map(Math.round), [3, 6, 9])
  })

  test('beyond the rarest that the sessions tell, one nat more is e times rarer', () => {
    const { suspend } = calibratedThresholds({ role: undefined, all: role(upTo(99)) }, 'recurring', {
      ...defaultFalseAlarms,
      suspend: 0.001,
    })
    // 99 sessions tell 1 in 100, and 1 in 1,000 is ln 10 higher; new things are 10/9 as rare once everything is learned.
    assert.ok(Math.abs(suspend - (99 + Math.log(10) + Math.log(10 / 9))) < 1e-6)
  })

  test('are in order whatever the sessions were', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 20, noNaN: true })),
        fc.array(fc.double({ min: 0, max: 20, noNaN: true })),
        (a, b) => {
          const peaks = (nats: readonly number[]): Peaks => peaksOf(nats.map(value => [value, 1] as const))
          const { verify, readOnly, suspend } = calibratedThresholds(
            { role: role(peaks(a)), all: role(peaks([...a, ...b])) },
            'recurring',
            defaultFalseAlarms,
          )
          assert.ok(verify > 0 && verify <= readOnly && readOnly <= suspend)
        },
      ),
    )
  })
})

test('sessions that have most in common are one group, those of another agent never', () => {
  const keys = (...values: readonly number[]): ReadonlySet<number> => new Set(values)
  assert.deepEqual(
    groupSessions([
      { agentId: 'a', keys: keys(1, 2, 3) },
      { agentId: 'a', keys: keys(1, 2, 4) },
      { agentId: 'a', keys: keys(7, 8, 9) },
      { agentId: 'b', keys: keys(1, 2, 3) },
      { agentId: 'a', keys: keys(7, 8) },
    ]),
    [0, 0, 1, 2, 1],
  )
})

test('new work is held against sessions that were new once', () => {
  const task = (name: string): readonly Call[] => [
    { tool: `${name}/read`, parameters: [{ name: 'path', value: name.length }] },
    { tool: `${name}/write`, sensitivity: 2, readOnly: false },
  ]
  const logs = Array.from({ length: 60 }, (_, session) =>
    sessionLog({ session: `${session}` }, task('x'.repeat(1 + (session % 6)))),
  )
  const { all } = calibrate(logs)
  // 6 groups of 10: with its like left out each session is new, and as unusual as a tool that nobody called.
  assert.equal(all.new.sessions, 60)
  assert.equal(all.recurring.sessions, 0)
  assert.ok(all.new.highest[0]![0] > 0.8)
  assert.deepEqual(calibrate(logs.slice(0, 1)), emptyCalibration)
})

test('an assessment says what the threshold of its standing rests on', () => {
  const log = sessionLog({}, [{ tool: 'fs/read' }])
  const basisOf = (options: Partial<KernelOptions>): string =>
    play(newKernel(options), log).assessments.at(-1)!.thresholdBasis
  assert.equal(basisOf({}), 'model')
  assert.equal(basisOf({ thresholds: { verify: 1, readOnly: 2, suspend: 3 } }), 'bundle')
})
