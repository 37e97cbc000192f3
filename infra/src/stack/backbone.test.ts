import assert from 'node:assert/strict'
import { test } from 'node:test'

import { replicationFor } from './backbone.ts'

test('as many replicas as addresses, one of which may fail; one address leaves it to the cluster', () => {
  assert.deepEqual(replicationFor(1), { replicationFactor: -1, minInSyncReplicas: 1 })
  assert.deepEqual(replicationFor(2), { replicationFactor: 2, minInSyncReplicas: 1 })
  assert.deepEqual(replicationFor(5), { replicationFactor: 3, minInSyncReplicas: 2 })
})
