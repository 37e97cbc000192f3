import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { heldAssignment } from '../support/assignment.ts'
import { eventually } from '../support/eventually.ts'
import { gatherConnections } from '../support/lost-connections.ts'
import { openTestStream } from '../support/test-stream.ts'

const topic = 'scorer-state'
const records = [
  { key: 'a', value: Buffer.from('1') },
  { key: 'b', value: Buffer.from('2') },
]

const openWriter = async (t: TestContext) => {
  const connections = gatherConnections(t)
  const { client } = await openTestStream(t, { topics: [topic] })
  const writer = await client.claimPartition({
    transactionalId: 'w',
    partition: 0,
    topics: [topic],
    epoch: heldAssignment(1),
    claim: () => Buffer.from('claim'),
  })
  const end = async () => (await client.admin.endOffsets(topic)).get(0)
  return { connections, writer, end }
}

/**
 * @fault the broker's answer to a write of the scorer gets lost
 * @behaviour the same write is sent again until its outcome is known, and stands in the log once
 * @counter none: nothing is refused or lost
 */
test('a batch whose answer got lost is sent again and written once', async t => {
  const { connections, writer, end } = await openWriter(t)
  connections.deafen()
  const committed = writer.commit(records)
  await eventually('the batch to be written', async () => (await end()) === 3n)
  connections.breakAll()
  assert.equal(await committed, 1n)
  assert.equal(await end(), 3n)
  assert.equal(await writer.commit(records), 3n)
})

test('a batch that got lost itself is sent again and written once', async t => {
  const { connections, writer, end } = await openWriter(t)
  connections.breakAll()
  assert.equal(await writer.commit(records), 1n)
  assert.equal(await end(), 3n)
})

test('closing ends the asking for an outcome', async t => {
  const { connections, writer } = await openWriter(t)
  connections.deafen()
  const committed = assert.rejects(writer.commit(records), { code: 'CLOSED' })
  await writer.close()
  await committed
})

/**
 * @fault the broker's answer to what an engine records gets lost, or comes after the engine stopped waiting for it
 * @behaviour the same batch is sent again with the same number, and stands in the log once, before what follows
 * @counter none: nothing is refused or lost
 */
test('what was published and not acknowledged is sent again and written once, in its order', async t => {
  const connections = gatherConnections(t)
  const { client } = await openTestStream(t, { topics: [topic] })
  const publisher = await client.openPublisher()
  const publish = (key: string) => publisher.publish([{ topic, partition: 0, key, value: Buffer.from(key) }])
  const end = async () => (await client.admin.endOffsets(topic)).get(0)
  assert.deepEqual(await publish('a'), [0n])
  connections.deafen()
  const published = publish('b')
  await eventually('the batch to be written', async () => (await end()) === 2n)
  const next = publish('c')
  connections.breakAll()
  assert.deepEqual(await published, [1n])
  assert.deepEqual(await next, [2n])
  assert.equal(await end(), 3n)
})
