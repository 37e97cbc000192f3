import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Verdict } from '@cordon/schemas'

import { verdicts } from './verdicts.ts'

const fromBestToWorst = ['trusted', 'verify', 'read_only', 'suspended', 'ended'] as const
const obstacles: readonly Verdict[] = ['forward', 'hold', 'deny']

test('a worse standing never allows more', () => {
  const met = fromBestToWorst.map(standing => obstacles.indexOf(verdicts[standing]))
  assert.deepEqual(
    met,
    met.toSorted((a, b) => a - b),
  )
})

test('a gated call passes by itself only in good standing', () => {
  const passing = Object.entries(verdicts).filter(([, verdict]) => verdict === 'forward')
  assert.deepEqual(passing, [['trusted', 'forward']])
})
