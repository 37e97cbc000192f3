import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CordonError } from '@cordon/foundation'

import type { UpstreamAnswer } from '../ports.ts'
import { readAnswer, readText } from './read-answer.ts'
import { unanswered } from './unanswered.ts'

const megabyte = 1024 * 1024

/** A proxy that goes on answering, and how much of that was taken. */
const endless = (first: string, contentType: string) => {
  const seen = { megabytes: 0, isClosed: false }
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      yield Buffer.from(first)
      for (; seen.megabytes < 100; seen.megabytes += 1) yield Buffer.alloc(megabyte, 32)
    } finally {
      seen.isClosed = true
    }
  }
  const answer: UpstreamAnswer = { status: 200, headers: { 'content-type': contentType }, body: body() }
  return { seen, answer }
}

for (const [what, first, contentType, problem] of [
  ['JSON answer', '{', 'application/json', 'proxy: expected at most 17825792 bytes, got more'],
  ['event', 'data:', 'text/event-stream', 'proxy: event: expected at most 17825792 characters, got more'],
] as const)
  test(`an endless ${what} of a proxy is given up at 17 MiB, and the client is told so`, async () => {
    const { seen, answer } = endless(first, contentType)
    const { response, broken } = await readAnswer(answer, 1, () => Promise.resolve())
    assert.equal(response, undefined)
    const { code, message } = unanswered(broken)
    assert.equal(code, 'ANSWER_LOST')
    assert.equal(message, `${problem}; the request may have been carried out`)
    assert.deepEqual(seen, { megabytes: 17 - 1, isClosed: true })
  })

test('an endless refusal of a proxy is given up at 17 MiB', async () => {
  const { seen, answer } = endless('', 'application/json')
  await assert.rejects(
    readText({ ...answer, status: 403 }),
    (error: unknown) => error instanceof CordonError && error.code === 'ANSWER_LOST',
  )
  assert.deepEqual(seen, { megabytes: 17, isClosed: true })
})
