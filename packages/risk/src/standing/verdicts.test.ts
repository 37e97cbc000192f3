import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Verdict } from '@cordon/schemas'

import { verdicts } from './verdicts.ts'

const fromBestToWorst = ['trusted', 'verify', 'read_only', 'suspended', 'ended'] as const
const obstacles: readonly Verdict[] = ['forward', 'hold', 'deny']

test('a worse standing never allows more, to reads or to writes', () => {
  for (const kind of ['reads', 'writes'] as const) {
    const met = fromBestToWorst.map(standing => obstacles.indexOf(verdicts[standing][kind]))
    assert.deepEqual(
      met,
      met.toSorted((a, b) => a - b),
      kind,
    )
  }
})

test('a gated call passes by itself only in good standing', () => {
  for (const [standing, { reads, writes }] of Object.entries(verdicts))
    assert.deepEqual([reads === 'forward', writes === 'forward'], Array(2).fill(standing === 'trusted'))
})
