import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { EnginePorts } from '@cordon/engine'
import { createLocalSerde } from '@cordon/serde'
import { createMemoryClient } from '@cordon/stream'

import { streamTarget } from './play-target.ts'

test('a recording waits while the engine has much to write: a full queue would end the replay', async () => {
  let pendingRecords = 9000
  const target = streamTarget({
    ports: {} as EnginePorts,
    publisher: await createMemoryClient().openPublisher(),
    codec: createLocalSerde(),
    partitions: 1,
    pendingRecords: () => pendingRecords,
  })
  let isThere = false
  const room = target.room().then(() => {
    isThere = true
  })
  await new Promise(resolve => setTimeout(resolve, 10))
  assert.equal(isThere, false)
  pendingRecords = 100
  await room
})
