import assert from 'node:assert/strict'
import { test } from 'node:test'

import { judged, play, raising, taughtKernel } from '../../test/play.ts'
import type { Call } from '../../test/session-log.ts'
import { sessionLog, target } from '../../test/session-log.ts'
import { copySession } from './copy-session.ts'
import { encodeSession } from './encode-session.ts'
import { limits } from './limits.ts'

const send = (to: number): Call => ({
  tool: 'mail/send',
  mode: 'gate',
  readOnly: false,
  sensitivity: 2,
  entities: [target(to)],
})
const read: Call = { tool: 'web/read' }
const kernel = taughtKernel([read, send(3)])
// Fingerprints are spread over all of their 52 bits.
const spread = (number: number): number => (number * 0x9e3779b97f4) % 2 ** 52
const flood = Array.from({ length: 8 }, (_, page): Call => ({
  ...read,
  result: Array.from({ length: 60 }, (_entity, at) => spread(1000 + 60 * page + at)),
}))
const last = spread(1000 + 479)

test('rejects a target out of results that bring more than a session has room for', () => {
  const plain = judged(kernel, [{ ...read, result: [last] }, send(last)])
  const flooded = judged(kernel, [...flood, send(last)])
  assert.equal(flooded.verdict, 'hold')
  const natsOf = (assessment: typeof plain): number =>
    raising(assessment).find(({ signal }) => signal === 'provenance')?.nats ?? 0
  assert.ok(natsOf(flooded) >= natsOf(plain), 'flooding must not lower the score')
})

test('and lets what came with the request go on, as it would without the flood', () => {
  assert.equal(judged(kernel, [...flood, send(spread(5))]).verdict, 'forward')
})

test('what a record has no place for is known by its wording, unless it is lost', () => {
  const positions = [last / 2 ** 26, last % 2 ** 26].flatMap(half => [half >> 13, Math.floor(half) & 8191])
  const full: Call = { ...read, result: [1], resultOverflow: true, resultLost: false, text: positions }
  assert.equal(judged(kernel, [full, send(last)]).verdict, 'hold')
  assert.equal(judged(kernel, [full, send(spread(5))]).verdict, 'forward')
  assert.match(
    raising(judged(kernel, [{ ...full, resultLost: true }, send(spread(5))]))[0]!.fact,
    /may have come from an earlier result/,
  )
})

test('a flooded session is stored and read as it is', () => {
  const { session } = play(kernel, sessionLog({}, flood))
  assert.equal(session.entities.size, limits.entities)
  assert.deepEqual(encodeSession(copySession(session)), encodeSession(session))
  assert.ok(encodeSession(session).length <= limits.stateBytes)
  assert.equal(session.entities.overflowed, false)
})
