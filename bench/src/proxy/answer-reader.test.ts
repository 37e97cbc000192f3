import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createAnswerReader, type HttpReply } from './answer-reader.ts'

const wire = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"é":1}' +
    'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n' +
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n',
)

for (const size of [1, 7, wire.length]) {
  test(`reads answers with a length and in chunks, from pieces of ${size} bytes`, () => {
    const replies: HttpReply[] = []
    const reader = createAnswerReader(reply => replies.push(reply))
    for (let at = 0; at < wire.length; at += size) reader.push(wire.subarray(at, at + size))
    assert.deepEqual(
      replies.map(({ status, body }) => [status, body]),
      [
        [200, '{"é":1}'],
        [202, ''],
        [200, 'abc0123456789'],
      ],
    )
    assert.equal(replies[0]?.headers['content-type'], 'application/json')
  })
}

test('other bytes are an error, not an answer', () => {
  const reader = createAnswerReader(() => assert.fail('nothing was answered'))
  assert.throws(() => reader.push(Buffer.from('SSH-2.0\r\n\r\n')), /expected an answer/)
})
