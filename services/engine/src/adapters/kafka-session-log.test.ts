import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createLocalSerde } from '@cordon/serde'
import type { OutgoingRecord, Publisher } from '@cordon/stream'
import { TransientFault } from '@cordon/stream'

import { denied, sessionId } from '../session-fixture.ts'
import type { NotRecorded, Recording, SessionRecord } from '../ports.ts'
import { createKafkaSessionLog } from './kafka-session-log.ts'

/** Acknowledges when it is told to. */
const fakePublisher = () => {
  const published: (readonly OutgoingRecord[])[] = []
  const acknowledgements: PromiseWithResolvers<readonly bigint[]>[] = []
  const publisher: Publisher = {
    publish(records) {
      published.push(records)
      const acknowledgement = Promise.withResolvers<readonly bigint[]>()
      acknowledgements.push(acknowledgement)
      return acknowledgement.promise
    },
    pending: 0,
    close: () => Promise.resolve(),
  }
  return { publisher, published, acknowledgements }
}

const recordingOf = (appended: Recording | NotRecorded): Recording => {
  assert.ok(typeof appended === 'object', 'expected a recording, got none')
  return appended
}

const openLog = (maxPendingRecords: number) => {
  const fake = fakePublisher()
  const refused: number[] = []
  const lost: unknown[] = []
  const log = createKafkaSessionLog({
    publisher: fake.publisher,
    codec: createLocalSerde(),
    maxPendingRecords,
    onRefused: records => refused.push(records.length),
    onLost: (_records, error) => lost.push(error),
  })
  return { ...fake, log, refused, lost }
}

test('writes under the session’s key, to the partition in its id, in order', () => {
  const { log, published } = openLog(10)
  void log.append(sessionId, [denied, denied], 'now')
  void log.append(sessionId, [denied], 'now')
  assert.deepEqual(
    published.map(records => records.map(({ topic, partition, key }) => [topic, partition, key])),
    [2, 1].map(length => Array.from({ length }, () => ['session-events', 3, sessionId])),
  )
})

test('refuses at once what would not fit, and takes more when something is acknowledged', async () => {
  const { log, acknowledgements, refused } = openLog(2)
  const first = recordingOf(log.append(sessionId, [denied, denied], 'now'))
  assert.equal(log.append(sessionId, [denied], 'now'), 'full')
  assert.deepEqual([refused, log.pendingRecords], [[1], 2])
  acknowledgements[0]!.resolve([0n, 1n])
  assert.equal(await first.onRecord(), true)
  assert.equal(log.pendingRecords, 0)
  recordingOf(log.append(sessionId, [denied], 'now'))
})

test('a record that is not acknowledged is lost and said so; one that cannot be written never goes out', async () => {
  const { log, published, acknowledgements, lost } = openLog(2)
  const unacknowledged = recordingOf(log.append(sessionId, [denied], 'now'))
  acknowledgements[0]!.reject(new TransientFault('no broker'))
  assert.equal(await unacknowledged.onRecord(), false)
  for (const tool of [5, 'x'.repeat(512 * 1024)]) {
    const unwritable = { ...denied, value: { ...denied.value, tool } } as SessionRecord
    assert.equal(log.append(sessionId, [denied, unwritable], 'now'), 'unwritable')
  }
  assert.deepEqual([lost.length, log.pendingRecords, published.length], [3, 0, 1])
})
