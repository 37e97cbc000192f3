import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { newKernel, play, step } from '../test/play.ts'
import { sessionLog, type Call } from '../test/session-log.ts'
import type { SessionEvent } from './session-event.ts'
import { signal } from './signals/signal.ts'

/**
 * What is missing a minute after the last of these records; none of them looks like a number used twice.
 * @param end the session ends behind so many records
 */
const missingIn = (log: readonly SessionEvent[], end = log.length): number => {
  const kernel = newKernel()
  const { session } = play(kernel, log.slice(0, end))
  const { at } = log.at(-1)!
  if (end < log.length) kernel.end(session, { sessionId: '0.one', endedAt: at, reason: 'logout' }, at)
  for (const event of log.slice(end)) step(kernel, session, event)
  assert.equal(session.evidence[signal.integrity], 0)
  const { unreported } = kernel.tick(session, at + 90_000) ?? {}
  return unreported === undefined ? 0 : Number.parseInt(unreported.fact, 10)
}

/** Of calls side by side, in any order, some refused: the denial with its attempt, later or before it. */
const sideBySide = fc
  .tuple(
    fc.shuffledSubarray(
      Array.from({ length: 30 }, (_, number) => number),
      { minLength: 1 },
    ),
    fc.array(fc.option(fc.integer({ min: -12, max: 12 })), { minLength: 30, maxLength: 30 }),
  )
  .map(([numbers, lags]) => {
    const calls = numbers.map((proofSequence, place): Call => ({
      tool: 'fs/read',
      afterMs: 10,
      proofSequence,
      ...(lags[place] !== null && { refused: 'SESSION_READ_ONLY' }),
    }))
    const [opened, ...records] = sessionLog({}, calls)
    const turnOf = (record: number): number => record + (record % 2 === 1 ? (lags[(record - 1) / 2] ?? 0) : 0)
    const turns = records.map((event, record) => ({ event, turn: turnOf(record) }))
    turns.sort((one, other) => one.turn - other.turn)
    return { numbers, log: [opened!, ...turns.map(({ event }) => event)] }
  })

const hiddenAmong = (numbers: readonly number[]): number => Math.max(...numbers) + 1 - numbers.length

test('a refused call’s attempt and denial tell its number once: behind them no other call is hidden, in whatever order they come', () => {
  fc.assert(
    fc.property(sideBySide, ({ numbers, log }) => {
      assert.equal(missingIn(log), hiddenAmong(numbers))
    }),
  )
})

test('they do so for a session that is over, too', () => {
  fc.assert(
    fc.property(sideBySide, fc.nat(60), ({ numbers, log }, end) => {
      assert.equal(missingIn(log, 1 + (end % log.length)), hiddenAmong(numbers))
    }),
  )
})
