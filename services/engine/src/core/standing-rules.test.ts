import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { CatalogueEntry } from '@cordon/policy'
import type { Standing } from '@cordon/schemas'

import { refuseCall, refuseSession } from './standing-rules.ts'

const fromBestToWorst: readonly Standing[] = ['trusted', 'verify', 'read_only', 'suspended', 'ended']

/** Every entry that a catalogue can hold, but for its resources. */
const entries: readonly CatalogueEntry[] = [true, false].flatMap(readOnly =>
  ([0, 1, 2, 3] as const).flatMap(sensitivity =>
    (['monitor', 'enforce', 'gate'] as const).map(mode => ({ readOnly, sensitivity, mode, resources: [] })),
  ),
)

/** How much is in the way of a call: nothing, an approval, or everything. */
const obstacle = (standing: Standing, entry: CatalogueEntry): number =>
  ['forward', 'hold', 'deny'].indexOf(refuseCall(standing, entry)?.verdict ?? 'forward')

test('a worse standing never allows more', () => {
  for (const entry of entries) {
    const obstacles = fromBestToWorst.map(standing => obstacle(standing, entry))
    assert.deepEqual(
      obstacles,
      obstacles.toSorted((a, b) => a - b),
      JSON.stringify(entry),
    )
  }
})

test('a session that may not talk to a server may not call it either', () => {
  for (const standing of [...fromBestToWorst, 'unknown'] as const)
    for (const entry of entries)
      if (refuseSession(standing) !== undefined) assert.equal(obstacle(standing, entry), 2)
})

test('under suspicion only reads of low sensitivity go on; what is only watched goes on too', () => {
  const goesOn = ({ readOnly, sensitivity, mode }: CatalogueEntry): boolean =>
    mode === 'monitor' || (mode === 'enforce' && readOnly && sensitivity < 2)
  for (const entry of entries) {
    assert.equal(refuseCall('trusted', entry), undefined)
    assert.equal(refuseCall('verify', entry)?.reason, goesOn(entry) ? undefined : 'STEP_UP_REQUIRED')
    assert.equal(refuseCall('read_only', entry)?.reason, goesOn(entry) ? undefined : 'SESSION_READ_ONLY')
  }
})
