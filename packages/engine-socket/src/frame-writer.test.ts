import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { createFrameWriter } from './frame-writer.ts'

/** What goes out, by system call. */
const createSink = () => {
  const writes: string[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      writes.push(chunk.toString())
      done()
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join(''))
      done()
    },
  })
  return { sink, writes }
}

test('frames of one turn go out in one write, those of the next in another', async () => {
  const { sink, writes } = createSink()
  const write = createFrameWriter(sink)
  write(Buffer.from('a'))
  // Of the same turn too: what a promise brought.
  await Promise.resolve()
  write(Buffer.from('b'))
  assert.deepEqual(writes, [])
  await turn()
  assert.deepEqual(writes, ['ab'])
  write(Buffer.from('c'))
  await turn()
  assert.deepEqual(writes, ['ab', 'c'])
})

test('what is gathered goes out before the end', async () => {
  const { sink, writes } = createSink()
  const write = createFrameWriter(sink)
  write(Buffer.from('a'))
  write(Buffer.from('b'))
  sink.end()
  await turn()
  assert.deepEqual(writes, ['ab'])
})
