import assert from 'node:assert/strict'
import { test } from 'node:test'

import { emptyBaselines, type Baselines } from '@cordon/risk'

import { thresholdLines, thresholdsInForce } from './thresholds-in-force.ts'

const peaks = (sessions: number) => ({
  sessions,
  highest: Array.from({ length: sessions }, () => [5, 1] as const),
})
const none = peaks(0)

/** 50 sessions of a desk among 200. */
const learned: Baselines = {
  ...emptyBaselines,
  roles: { desk: { ...emptyBaselines.all } },
  calibration: {
    roles: { desk: { recurring: peaks(50), new: none } },
    all: { recurring: peaks(200), new: none },
  },
}

test('thresholds are those of the roles that were judged, and say what each rests on', () => {
  const lines = thresholdLines(thresholdsInForce({}, learned, new Set(['shop', 'desk', 'bank'])))
  assert.deepEqual(
    lines.map(line => line.replaceAll(/ from \d+\.\d/g, '')),
    [
      'thresholds         nats of evidence, and what each rests on',
      '  desk, recurring work: verify (role), read_only (pool), suspended (model)',
      '  desk, new work: verify (model), read_only (model), suspended (model)',
      '  roles that nothing was learned of, recurring work: verify (pool), read_only (pool), suspended (model)',
      '  roles that nothing was learned of, new work: verify (model), read_only (model), suspended (model)',
      '  role: learned sessions of the role',
      '  pool: learned sessions of all roles, because those of the role are too few',
      '  model: an estimate, because even those of all roles are too few, or none',
      '  of one sort of work, verify takes 19 learned sessions, read_only 99, suspended 999',
    ],
  )
})

test('with nothing learned the defaults are told, not left out', () => {
  const lines = thresholdLines(thresholdsInForce({}, emptyBaselines, new Set(['desk'])))
  assert.match(
    lines[1]!,
    /^ {2}roles that nothing was learned of, recurring work: verify from 3\.1 \(model\), read_only from 6\.1/,
  )
})

test('of a bundle’s own thresholds one line is enough', () => {
  const thresholds = { verify: 3, readOnly: 6, suspend: 9 }
  assert.deepEqual(thresholdLines(thresholdsInForce({ thresholds }, learned, new Set(['desk', 'shop']))), [
    'thresholds         nats of evidence, and what each rests on',
    '  every role: verify from 3.0 (bundle), read_only from 6.0 (bundle), suspended from 9.0 (bundle)',
    '  bundle: set by the catalogue’s bundle',
  ])
})

test('a bundle that promises fewer false alarms asks for more sessions', () => {
  const falseAlarms = { verify: 0.01, readOnly: 0.01, suspend: 0.001 }
  const [first] = thresholdsInForce({ falseAlarms }, learned, new Set(['desk']))
  assert.equal(first?.thresholds.basis.verify, 'pool')
  assert.equal(first.sessionsNeeded?.verify, 99)
})
