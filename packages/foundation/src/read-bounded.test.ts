import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readBounded } from './read-bounded.ts'

const refuse = (problem: string): Error => new Error(`answer: ${problem}`)

/** Says how much of it was taken, and whether it was closed. */
const bodyOf = (parts: Iterable<Uint8Array>) => {
  const seen = { parts: 0, isClosed: false }
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (const part of parts) {
        seen.parts += 1
        yield part
      }
    } finally {
      seen.isClosed = true
    }
  }
  return { seen, body: body() }
}

test('reads a body of just the bound, also where a character is cut', async () => {
  const bytes = Buffer.from('a§b€c')
  for (const size of [1, 2, 3, bytes.length]) {
    const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, part) =>
      bytes.subarray(part * size, (part + 1) * size),
    )
    assert.equal(await readBounded(bodyOf(parts).body, bytes.length, refuse), 'a§b€c')
  }
})

test('reads an answer without a body as no text', async () => {
  assert.equal(await readBounded(null, 10, refuse), '')
  assert.equal(await readBounded(bodyOf([]).body, 0, refuse), '')
})

test('an endless body is given up at the bound, and closed', async () => {
  function* endless(): Generator<Uint8Array> {
    for (;;) yield Buffer.alloc(4, 32)
  }
  const { seen, body } = bodyOf(endless())
  await assert.rejects(readBounded(body, 10, refuse), {
    message: 'answer: expected at most 10 bytes, got more',
  })
  assert.deepEqual(seen, { parts: 3, isClosed: true })
})

test('a stream of the web is cancelled where it is too long', async () => {
  let isCancelled = false
  const stream = new ReadableStream<Uint8Array>({
    pull: controller => controller.enqueue(new Uint8Array(8)),
    cancel: () => {
      isCancelled = true
    },
  })
  await assert.rejects(readBounded(stream, 20, refuse), /at most 20 bytes/)
  assert.ok(isCancelled)
})
