import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ClaimedPartition } from '../../../packages/stream/src/kafka/claimed-partition.ts'
import type { WriteLink } from '../../../packages/stream/src/kafka/claimed-partition.ts'
import { ClusterLink } from '../../../packages/stream/src/kafka/cluster-link.ts'
import { defaultTuning } from '../../../packages/stream/src/kafka/kafka-tuning.ts'
import { initProducer } from '../../../packages/stream/src/kafka/producer-identity.ts'
import { heldAssignment } from '../support/assignment.ts'
import { openTestStream } from '../support/test-stream.ts'
import type { TestStream } from '../support/test-stream.ts'

const topic = 'scorer-state'
const records = [
  { key: 'a', value: Buffer.from('1') },
  { key: 'b', value: Buffer.from('2') },
]

type Send = WriteLink['send']

/** A writer whose network is in the hands of the test. */
const openWriter = async ({ settings, log }: TestStream, disturb: (send: Send, attempt: number) => Send) => {
  const link = await ClusterLink.open({ settings, log, tuning: defaultTuning }, [topic])
  const identity = await initProducer(link, 'writer', heldAssignment(1))
  let attempts = 0
  const disturbed: WriteLink = {
    closing: link.closing,
    leader: (name, partition) => link.leader(name, partition),
    wireName: name => link.wireName(name),
    refresh: async () => await link.refresh(),
    pause: async attempt => await link.pause(attempt),
    send: async (node, request) => {
      const send: Send = async (to, what) => await link.send(to, what)
      return await disturb(send, attempts++)(node, request)
    },
  }
  return { link, writer: new ClaimedPartition({ link: disturbed, log, topic, partition: 0 }, identity) }
}

const connectionLost = (): Error => Object.assign(new Error('lost'), { name: 'KafkaJSConnectionClosedError' })

test('a batch whose answer got lost is sent again and written once', async t => {
  const stream = await openTestStream(t, { topics: [topic] })
  const { link, writer } = await openWriter(stream, (send, attempt) => async (node, request) => {
    const response = await send(node, request)
    if (attempt < 2) throw connectionLost()
    return response
  })
  assert.equal(await writer.append(records), 0n)
  assert.equal(await writer.append(records), 2n)
  assert.equal((await stream.client.admin.endOffsets(topic)).get(0), 4n)
  await link.close()
})

test('a batch that got lost itself is sent again and written once', async t => {
  const stream = await openTestStream(t, { topics: [topic] })
  const { link, writer } = await openWriter(stream, (send, attempt) => async (node, request) => {
    if (attempt < 2) throw connectionLost()
    return await send(node, request)
  })
  assert.equal(await writer.append(records), 0n)
  assert.equal(await writer.append(records), 2n)
  assert.equal((await stream.client.admin.endOffsets(topic)).get(0), 4n)
  await link.close()
})

test('closing ends the asking for an outcome', async t => {
  const stream = await openTestStream(t, { topics: [topic] })
  const { link, writer } = await openWriter(stream, () => async () => {
    throw connectionLost()
  })
  const appended = assert.rejects(writer.append(records), { code: 'CLOSED' })
  await link.close()
  await appended
})
