import assert from 'node:assert/strict'
import { test } from 'node:test'

import { runningPartitions } from './scorer-log.ts'

test('a partition runs from its last start to what ends it', () => {
  const changed = (partition: number, to: string) => ({ at: 0, msg: 'task changed state', partition, to })
  assert.deepEqual(
    runningPartitions([
      { at: 0, msg: 'joining' },
      changed(0, 'restoring'),
      changed(0, 'running'),
      changed(1, 'running'),
      changed(2, 'running'),
      changed(1, 'stopping'),
      changed(3, 'claiming'),
    ]),
    new Set([0, 2]),
  )
})
