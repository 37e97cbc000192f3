import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'

import { ByteReader } from './byte-reader.ts'
import type { WireRequest } from './cluster-link.ts'
import { ProduceLine } from './produce-line.ts'
import type { ProduceResult } from './produce-request.ts'

interface Sent {
  readonly node: number
  /** `topic/partition=batch` of each. */
  readonly batches: readonly string[]
  answer(results: readonly Partial<ProduceResult>[]): void
  fail(error: Error): void
}

const openLine = (): { line: ProduceLine; sent: Sent[] } => {
  const sent: Sent[] = []
  const send = async <Response>(node: number, { body }: WireRequest<Response>) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    sent.push({ node, batches: batchesOf(body), answer: results => resolve({ results }), fail: reject })
    return (await promise) as Response
  }
  return { line: new ProduceLine({ send }), sent }
}

const batchesOf = (body: Buffer): string[] => {
  const reader = new ByteReader(body)
  reader.skip(2 + 2 + 4) // no transactional id, acknowledgements, time-out
  return reader
    .array(() => {
      const topic = reader.string()
      return reader.array(() => `${topic}/${reader.int32()}=${reader.nullableBytes()?.toString()}`)
    })
    .flat()
}

const batch = (partition: number, text: string, topic = 't') => ({
  topic,
  partition,
  encode: () => Buffer.from(text),
})
const ok = (partition: number, baseOffset = 0n, topic = 't') => ({
  topic,
  partition,
  errorCode: 0,
  baseOffset,
})

test('what comes within a turn goes together, and what comes meanwhile with the next request', async () => {
  const { line, sent } = openLine()
  const first = [line.send(1, batch(0, 'a')), line.send(1, batch(1, 'b'))]
  await turn()
  const second = [line.send(1, batch(2, 'c')), line.send(1, batch(3, 'd', 'u'))]
  await turn()
  assert.deepEqual(
    sent.map(({ batches }) => batches),
    [['t/0=a', 't/1=b']],
  )
  sent[0]!.answer([ok(1, 7n), ok(0, 5n)])
  assert.deepEqual(
    (await Promise.all(first)).map(({ baseOffset }) => baseOffset),
    [5n, 7n],
  )
  await turn()
  assert.deepEqual(sent[1]!.batches, ['t/2=c', 'u/3=d'])
  sent[1]!.answer([ok(2), ok(3, 0n, 'u')])
  await Promise.all(second)
})

test('nodes do not wait for each other', async () => {
  const { line, sent } = openLine()
  void line.send(1, batch(0, 'a'))
  void line.send(2, batch(1, 'b'))
  await turn()
  assert.deepEqual(
    sent.map(({ node }) => node),
    [1, 2],
  )
})

test('a request carries one batch of a partition', async () => {
  const { line, sent } = openLine()
  const both = [line.send(1, batch(0, 'a')), line.send(1, batch(0, 'b'))]
  await turn()
  assert.deepEqual(sent[0]!.batches, ['t/0=a'])
  sent[0]!.answer([ok(0, 1n)])
  await both[0]
  await turn()
  assert.deepEqual(sent[1]!.batches, ['t/0=b'])
  sent[1]!.answer([ok(0, 2n)])
  assert.equal((await both[1]!).baseOffset, 2n)
})

test('a batch is encoded at the last moment', async () => {
  const { line, sent } = openLine()
  void line.send(1, batch(0, 'a'))
  await turn()
  let text = 'early'
  void line.send(1, { topic: 't', partition: 1, encode: () => Buffer.from(text) })
  await turn()
  text = 'late'
  sent[0]!.answer([ok(0)])
  await turn()
  await turn()
  assert.deepEqual(sent[1]!.batches, ['t/1=late'])
})

test('what could not be sent, or was not answered, is told to its sender, and the line goes on', async () => {
  const { line, sent } = openLine()
  const lost = [line.send(1, batch(0, 'a')), line.send(1, batch(1, 'b'))]
  await turn()
  sent[0]!.fail(new Error('connection lost'))
  for (const { status } of await Promise.allSettled(lost)) assert.equal(status, 'rejected')

  const broken = { topic: 't', partition: 0, encode: () => assert.fail('no batch') }
  const three = [line.send(1, broken), line.send(1, batch(1, 'b')), line.send(1, batch(2, 'c'))]
  const outcomes = Promise.allSettled(three)
  await turn()
  sent[1]!.answer([ok(1)])
  assert.deepEqual(
    (await outcomes).map(({ status }) => status),
    ['rejected', 'fulfilled', 'rejected'],
  )
})
