import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { anyCalls } from '../test/any-calls.ts'
import { play, step, taughtKernel } from '../test/play.ts'
import type { Call, Who } from '../test/session-log.ts'
import { sessionLog, table } from '../test/session-log.ts'
import { decodeSession, glanceAtSession } from './session/decode-session.ts'
import { encodeSession } from './session/encode-session.ts'
import { limits } from './session/limits.ts'
import type { Session } from './session/session.ts'
import { signal, signalNames } from './signals/signal.ts'

const kernel = taughtKernel([
  { tool: 'fs/read', result: [1, 2] },
  { tool: 'db/query', resources: [table('orders')] },
  { tool: 'fs/write', sensitivity: 2, readOnly: false, mode: 'gate' },
])

const numRuns = 150

test('contributions sum to the evidence, to the last bit, and each says its fact', () => {
  fc.assert(
    fc.property(anyCalls, calls => {
      for (const { evidence, contributions } of play(kernel, sessionLog({}, calls)).assessments) {
        assert.equal(
          contributions.reduce((sum, { nats }) => sum + nats, 0),
          evidence,
        )
        for (const { nats, fact } of contributions) {
          assert.ok(Number.isFinite(nats))
          assert.match(fact, /\S/)
          assert.doesNotMatch(fact, /\p{Cc}/u)
        }
      }
    }),
    { numRuns },
  )
})

test('a session stored and restored at any point goes on the same', () => {
  fc.assert(
    fc.property(anyCalls, fc.nat(), (calls, cut) => {
      const log = sessionLog({}, calls)
      const at = 1 + (cut % log.length)
      const { session } = play(kernel, log.slice(0, at))
      const restored = decodeSession(encodeSession(session))
      assert.deepEqual(encodeSession(restored), encodeSession(session))
      const { standing, standingSince, band, isAwaiting } = session
      const glance = glanceAtSession(encodeSession(session))
      assert.deepEqual(glance, { standing, standingSince, band, isAwaiting })
      for (const event of log.slice(at)) {
        const expected = step(kernel, session, event)
        const got = step(kernel, restored, event)
        assert.deepEqual(got, expected)
        assert.deepEqual(got.contributions, expected.contributions)
      }
      assert.deepEqual(encodeSession(restored), encodeSession(session))
    }),
    { numRuns },
  )
})

test('a session’s state stays below 4 KiB whatever it does', () => {
  fc.assert(
    fc.property(anyCalls, calls => {
      assert.ok(encodeSession(play(kernel, sessionLog({}, calls)).session).length <= limits.stateBytes)
    }),
    { numRuns },
  )
})

/** A session at every bound at once, which no session is: bounds must hold together all the same. */
const largestSession = (who: Who): Session => {
  const name = '\u{1f5c4}'.repeat(40)
  const calls = Array.from({ length: 200 }, (_, number): Call => ({
    tool: `server-${number}${name}/${number}`,
    sensitivity: 3,
    readOnly: false,
    mode: 'gate',
    afterMs: 1,
    engineId: `engine-${number}`,
    proofSequence: 3 * number,
    parameters: [{ name, value: number, wording: [number, 4000 + number] }],
    shape: number,
    resources: [{ kind: 'path', name: `${number}${name}` }],
    entities: number % 2 === 0 ? [] : [{ kind: 'url', fingerprint: 64 * (number - 1) + 1, target: true }],
    result: Array.from({ length: 7 }, (_, entity) => 64 * number + entity),
    resultBytes: 100_000_000,
    ...(number > 100 && { text: Array.from({ length: 8192 }, (_, position) => position) }),
    outcome: 'error',
  }))
  const { session } = play(kernel, sessionLog(who, calls))
  kernel.undecodable(session, session.lastAt)
  assert.equal(session.entities.size, limits.entities)
  assert.equal(session.origins.size, limits.origins)
  assert.equal(session.tools.names.length, limits.tools)
  assert.equal(session.given.length, limits.given)
  assert.equal(session.resources.length, limits.resources)
  // Every signal with something to say, of tools and things that the session does not name otherwise.
  const cut = 'x'.repeat(limits.nameBytes)
  session.facts = signalNames.map(() => ({ ...session.facts[signal.provenance]!, tool: cut, name: cut }))
  return session
}

test('the largest state that there can be is below 4 KiB: evidence is whole, and what explains it goes last', () => {
  const asked = Array.from({ length: 510 }, (_, position) => 16 * position)
  const who = { agentId: 'a'.repeat(limits.idBytes), role: 'r'.repeat(limits.idBytes), asked }
  for (const [session, explained] of [
    [largestSession(who), signal.failures],
    [largestSession({ asked }), signal.history],
  ] as const) {
    const bytes = encodeSession(session)
    assert.ok(bytes.length <= limits.stateBytes, `${bytes.length} bytes`)
    const again = decodeSession(bytes)
    assert.deepEqual(again.evidence, session.evidence)
    const codesOf = ({ facts }: Session) => facts.slice(0, explained + 1).map(fact => fact?.code)
    assert.deepEqual(codesOf(again), codesOf(session))
    assert.deepEqual(encodeSession(again), bytes)
  }
})

test('bytes that are no session are refused', () => {
  const { session } = play(kernel, sessionLog({}, [{ tool: 'fs/read', result: [1, 2, 3] }]))
  const bytes = encodeSession(session)
  const code = 'SESSION_STATE_MALFORMED'
  assert.throws(() => decodeSession(bytes.with(0, 12)), {
    code,
    message: /expected encoding 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, got 12/,
  })
  assert.throws(() => glanceAtSession(bytes.with(0, 12)), {
    code,
    message: /expected encoding 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, got 12/,
  })
  assert.throws(() => glanceAtSession(bytes.subarray(0, 12)), { code })
  assert.throws(() => decodeSession(new Uint8Array([...bytes, 0])), { code })
  for (let length = 0; length < bytes.length; length += 1)
    assert.throws(() => decodeSession(bytes.subarray(0, length)), { code })
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), noise => {
      assert.throws(() => decodeSession(new Uint8Array([1, ...noise])), { code })
    }),
  )
})
