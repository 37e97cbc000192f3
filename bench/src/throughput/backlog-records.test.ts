import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { OutgoingRecord, RecordCodec } from '@cordon/stream'

import { backlogRecords } from './backlog-records.ts'

const codec: RecordCodec = {
  decode: () => assert.fail('nothing is decoded'),
  prepare: () => Promise.resolve(),
  encode: (_topic, name) => Buffer.from(name),
}
const plan = { seed: 1, partitions: 3, badShare: 0.1, eventsPerSecond: 100, events: 250 }

test('holds as many events as were asked for, in the order of their time, and a tick per second and partition', () => {
  const records: OutgoingRecord[] = []
  const generator = backlogRecords(plan, codec, 1000)
  let next = generator.next()
  for (; next.done !== true; next = generator.next()) records.push(next.value)

  const ticks = records.filter(({ key }) => key === '\0tick')
  assert.equal(records.length - ticks.length, 250)
  const times = records.map(({ timestamp }) => timestamp!)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
  const seconds = Math.floor((times.at(-1)! - 1000) / 1000)
  assert.equal(ticks.length, 3 * seconds)
  assert.equal(next.value.records, records.length)
  const opened = records.filter(({ value }) => value?.toString() === 'SessionOpened').length
  assert.equal(next.value.sessions, opened)
})
