import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { newKernel, play } from '../test/play.ts'
import type { Call } from '../test/session-log.ts'
import { sessionLog, table, target } from '../test/session-log.ts'
import type { SessionEvent } from './session-event.ts'
import { encodeSession } from './session/encode-session.ts'
import { limits } from './session/limits.ts'
import { signal } from './signals/signal.ts'

const read: Call = { tool: 'fs/read', sensitivity: 1, result: [8] }
const write: Call = {
  tool: 'fs/write',
  sensitivity: 2,
  readOnly: false,
  mode: 'gate',
  entities: [target(8)],
}

describe('outcomes that an engine put on record for another one', () => {
  const [opened, attempt, outcome, hijacked] = sessionLog({}, [read, write])

  test('count where their attempt never came: what they brought is not forgotten', () => {
    const { assessments } = play(newKernel(), [opened!, outcome!, hijacked!])
    assert.equal(assessments.at(-1)!.verdict, 'hold')
    const unseen = play(newKernel(), [opened!, hijacked!])
    assert.equal(unseen.assessments.at(-1)!.verdict, 'forward')
  })

  test('count once, whether they come twice or before their attempt', () => {
    const kernel = newKernel()
    const inOrder = play(kernel, [opened!, attempt!, outcome!])
    const twice = play(kernel, [opened!, attempt!, outcome!, outcome!])
    assert.equal(twice.assessments.at(-1)!.duplicate, true)
    assert.deepEqual(encodeSession(twice.session), encodeSession(inOrder.session))
    const before = play(kernel, [opened!, outcome!, attempt!, outcome!])
    assert.deepEqual(
      before.assessments.slice(-3).map(({ duplicate }) => duplicate),
      [false, false, true],
    )
    assert.equal(before.session.calls, inOrder.session.calls)
  })
})

/**
 * What an engine had under way when it was killed, and its next run did not find on the log: all of it stands there twice, the whole run
 * behind itself.
 */
describe('a run of records that stands on the log twice', () => {
  /** Nothing unusual but that calls fail now and then. */
  const busy = (calls: number): SessionEvent[] =>
    sessionLog(
      {},
      Array.from({ length: calls }, (_, index) => ({
        tool: 'db/query',
        resources: [table(`orders-${index % 7}`)],
        outcome: index % 5 === 0 ? ('error' as const) : ('ok' as const),
        proofSequence: index,
        afterMs: 100,
      })),
    )

  test('changes nothing, up to as many calls as a session remembers', () => {
    const log = busy(limits.invocations)
    const kernel = newKernel()
    const once = play(kernel, log)
    const twice = play(kernel, [...log, ...log.slice(1)])
    assert.ok(twice.assessments.slice(once.assessments.length).every(({ duplicate }) => duplicate))
    assert.deepEqual(encodeSession(twice.session), encodeSession(once.session))
  })

  test('of more calls looks like a flood at worst: it makes nobody look better, and no call is missed for it', () => {
    const log = busy(10 * limits.invocations)
    const kernel = newKernel()
    const once = play(kernel, log)
    const twice = play(kernel, [...log, ...log.slice(1)])
    const [before, after] = [once, twice].map(({ assessments }) => assessments.at(-1)!)
    assert.ok(after!.evidence >= before!.evidence, `${after!.evidence} after ${before!.evidence}`)
    assert.equal(after!.gaps, 0)
    const { integrity } = signal
    assert.equal(twice.session.evidence[integrity], 0, 'no number of a proof was used twice')
    assert.equal(kernel.tick(twice.session, log.at(-1)!.at + 60_000)?.unreported, undefined)
  })

  test('fills no gap: the numbers that it tells of were told', () => {
    const numbers = Array.from({ length: 2 * (limits.invocations + 8) }, (_, number) => number)
    const isOdd = (number: number): boolean => number % 2 === 1
    const hidden = new Set([70, 74])
    const order = [
      ...numbers.filter(isOdd),
      ...numbers.filter(number => !isOdd(number) && !hidden.has(number)),
    ]
    const calls = order.map((proofSequence): Call => ({ ...read, proofSequence, afterMs: 100 }))
    const log = sessionLog({}, calls)
    const kernel = newKernel()
    const { session } = play(kernel, [...log, ...log.slice(1)])
    const { unreported } = kernel.tick(session, log.at(-1)!.at + 60_000) ?? {}
    assert.match(unreported?.fact ?? 'none', /^2 calls /)
  })
})
