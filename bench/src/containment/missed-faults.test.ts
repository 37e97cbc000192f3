import assert from 'node:assert/strict'
import { test } from 'node:test'

import { printReport } from '../print-report.ts'
import { thisMachine } from '../report.ts'
import { missedFaults } from './missed-faults.ts'

test('a run in which no engine missed a session has no fault', () => {
  assert.deepEqual(missedFaults(0, 8), [])
})

test('one miss fails the bench, and its report ends with that', () => {
  const faults = missedFaults(3, 8)
  const lines = printReport({
    name: 'containment',
    machine: thisMachine(),
    input: {},
    results: {},
    notes: ['n'],
    faults,
  }).split('\n')
  assert.match(lines.at(-1) ?? '', /^ {2}FAILED: engines8: .* got 3 missed/)
})
