import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createStreamPace } from '@cordon/framing'

import type { UpstreamAnswer } from '../ports.ts'
import { followServerStream } from './server-stream.ts'

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  if (text !== '') yield Buffer.from(text)
}

const stream = (text: string): UpstreamAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body: bytesOf(text),
})

const status = (code: number): UpstreamAnswer => ({ status: code, headers: {}, body: bytesOf('') })

const message = 'data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n\n'

/** Follows what a server answers, one after the other, until it is given up; after the last answer there is no stream any more (405). */
const follow = async (answers: readonly UpstreamAnswer[]) => {
  const told = { pauses: [] as number[], asked: 0, givenUp: 0, written: 0, lost: 0, reopened: [] as string[] }
  const pace = createStreamPace()
  const followOnce = (): Promise<void> =>
    followServerStream({
      session: {
        id: 'session',
        get: () => Promise.resolve(answers[told.asked++] ?? status(405)),
      },
      output: { write: () => Promise.resolve(void (told.written += 1)) },
      faults: {
        streamLost: () => void (told.lost += 1),
        streamGivenUp: () => void (told.givenUp += 1),
      },
      signal: new AbortController().signal,
      pace,
      reopen: async id => {
        told.reopened.push(id)
        await followOnce()
      },
      timing: {
        now: () => 0,
        wait: ms => Promise.resolve(void told.pauses.push(ms)),
      },
    })
  await followOnce()
  return told
}

const times = <Value>(count: number, make: () => Value): Value[] => Array.from({ length: count }, make)

/**
 * @fault a tool server, or a proxy that lies, ends the stream for what it says of its own accord at once, with `retry: 0`
 * @behaviour asked for again later each time (30 s at most), and not any more in this session after the tenth
 * @counter none: `cordon connect` runs on the agent's machine, where nothing counts
 */
test('connect does not ask for ever for a stream that ends at once', async () => {
  const told = await follow(times(12, () => stream('retry: 0\n\n')))
  assert.deepEqual(told.pauses, [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600])
  assert.equal(told.asked, 10)
  assert.equal(told.givenUp, 1)
})

test('a stream that brings a message is asked for again as before', async () => {
  const empty = times(9, () => stream('retry: 0\n\n'))
  const told = await follow([...empty, stream(`retry: 0\n${message}`), stream('retry: 0\n\n')])
  assert.deepEqual(told.pauses.slice(8), [25_600, 100, 100])
  assert.equal(told.written, 1)
  assert.equal(told.givenUp, 0)
})

test('a server that forgets each session at once is not introduced to the client for ever', async () => {
  const told = await follow(times(12, () => status(404)))
  assert.deepEqual(told.pauses.slice(0, 3), [100, 200, 400])
  assert.equal(told.reopened.length, 9)
  assert.equal(told.givenUp, 1)
  assert.equal(told.lost, 0)
})
