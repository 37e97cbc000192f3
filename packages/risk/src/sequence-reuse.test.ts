import assert from 'node:assert/strict'
import { test } from 'node:test'

import { newKernel, outcome, play, step } from '../test/play.ts'
import { logStart, sessionLog, type Call } from '../test/session-log.ts'
import { copySession } from './session/copy-session.ts'
import { decodeSession } from './session/decode-session.ts'
import { encodeSession } from './session/encode-session.ts'
import { limits } from './session/limits.ts'
import type { Session } from './session/session.ts'
import { signal } from './signals/signal.ts'

const read: Call = { tool: 'fs/read', sensitivity: 1 }

test('a number of a proof that another call had is weak evidence, and names both causes', () => {
  const numbered = (...numbers: readonly number[]): Call[] =>
    numbers.map(proofSequence => ({ ...read, proofSequence }))
  const integrityOf = (calls: readonly Call[]) =>
    outcome(newKernel(), calls).contributions.find(({ signal }) => signal === 'integrity')
  assert.equal(integrityOf(numbered(0, 2, 1, 3)), undefined)
  const once = integrityOf(numbered(0, 1, 2, 1))
  assert.ok(once!.nats > 0.45 && once!.nats <= 0.5)
  assert.equal(
    once!.fact,
    'sequence number 1 used twice, the second time by fs/read: the answer to the first call was lost, or a proxy said of a call on record that nobody counted it',
  )
  const thrice = integrityOf(numbered(0, 1, 2, 1, 0, 2))
  assert.ok(thrice!.nats > 1.3 && thrice!.nats <= 1.5)
  const forHours = outcome(newKernel(), numbered(...Array.from({ length: 500 }, () => 0)))
  assert.ok(forHours.contributions.find(({ signal }) => signal === 'integrity')!.nats <= 4)
  assert.equal(forHours.standing, 'verify')
})

test('the denial of a call that is on record has its number, and is no second use', () => {
  const refused: Call = { ...read, refused: 'SESSION_READ_ONLY' }
  const numbers = Array.from({ length: 3 }, (_, proofSequence) => ({ ...refused, proofSequence }))
  assert.doesNotMatch(JSON.stringify(outcome(newKernel(), numbers).contributions), /used twice/)
})

test('an engine that was started again counts from 0, and what it lets pass is no record that came twice', () => {
  const numbered: Call[] = [0, 1, 2].map(proofSequence => ({ ...read, proofSequence }))
  const again: Call = { ...read, proofSequence: 1, sequence: 0 }
  assert.match(
    JSON.stringify(outcome(newKernel(), [...numbered, again]).contributions),
    /number 1 used twice/,
  )
})

test('an engine whose clock was ahead until it was started again hides no number used twice', () => {
  const integrityAfter = (aheadMs: number): number => {
    const first = [0, 1, 2, 3].map(proofSequence => ({ ...read, proofSequence, lateMs: -aheadMs }))
    const again = [1, 2, 3].map((proofSequence, sequence) => ({ ...read, proofSequence, sequence }))
    const { session } = play(newKernel(), sessionLog({}, [...first, ...again]))
    return session.evidence[signal.integrity]!
  }
  assert.ok(integrityAfter(0) > 1.3)
  assert.equal(integrityAfter(3_600_000), integrityAfter(0))
})

test('a run that comes twice of an engine that was dropped since is no number used twice', () => {
  const kernel = newKernel()
  const run = Array.from({ length: 40 }, (_, proofSequence) => ({ ...read, proofSequence }))
  const others = Array.from({ length: limits.engines }, (_, other) => ({
    ...read,
    proofSequence: run.length + other,
    engineId: `other-${other}`,
    sequence: 0,
  }))
  const log = sessionLog({}, [...run, ...others])
  const { session } = play(kernel, log)
  const { at } = log.at(-1)!
  let restored = copySession(session)
  for (const event of log.slice(1, 1 + 2 * run.length)) {
    step(kernel, restored, { ...event, at })
    restored = copySession(restored)
  }
  assert.equal(restored.evidence[signal.integrity], 0)
})

/** Calls a second and more apart, that go to so many engines in turn. */
const inTurn = (engines: number, numbers: readonly number[]): Call[] =>
  numbers.map((proofSequence, turn) => ({
    ...read,
    proofSequence,
    engineId: `engine-${turn % engines}`,
    sequence: Math.floor(turn / engines),
    afterMs: 1_500,
  }))

test('more engines in turn than are followed hide no number used twice, whatever scorer takes over', () => {
  const kernel = newKernel()
  const numbers = Array.from({ length: 60 }, (_, number) => number)
  const once = numbers.slice(0, 24)
  const twice = numbers.slice(24).flatMap(number => [number, number])
  const evidenceWith = (engines: number, calls: readonly number[]): number => {
    const [opened, ...log] = sessionLog({}, inTurn(engines, calls))
    assert.ok(opened?.name === 'SessionOpened')
    let session = kernel.open(opened.value, opened.at)
    for (const event of log) {
      step(kernel, session, event)
      session = copySession(session)
    }
    return session.evidence[signal.integrity]!
  }
  for (const engines of [2, limits.engines, limits.engines + 1, 12]) {
    assert.ok(evidenceWith(engines, [...once, ...twice]) > 3, `${engines} engines`)
    assert.equal(evidenceWith(engines, numbers), 0, `${engines} engines, each number once`)
  }
})

test('a run that comes twice while scorers of two state versions take over from each other is no number used twice', () => {
  const kernel = newKernel()
  const numbers = Array.from({ length: 40 }, (_, number) => number)
  const calls = inTurn(limits.engines + 1, numbers)
  const log = sessionLog({}, calls)
  const { at } = log.at(-1)!
  for (const first of [10, 11] as const)
    for (const then of [10, 11] as const) {
      let restored = decodeSession(encodeSession(play(kernel, log).session, first))
      for (const event of log.slice(1)) {
        step(kernel, restored, { ...event, at })
        restored = decodeSession(encodeSession(restored, then))
      }
      assert.equal(restored.evidence[signal.integrity], 0, `${first}, then ${then}`)
      const newer: Call = { ...read, proofSequence: 3, engineId: 'another', sequence: 0 }
      const [, again] = sessionLog({}, [newer])
      assert.ok(again?.name === 'InvocationAttempted')
      step(kernel, restored, { ...again, at: at + 9_000, value: { ...again.value, attemptedAt: at + 9_000 } })
      assert.ok(restored.evidence[signal.integrity]! > 0.3, `${first}, then ${then}: what is later is new`)
    }
})

test('for an older scorer no engine was last heard before the time of which others are forgotten', () => {
  const log = sessionLog({}, inTurn(limits.engines + 1, [0, 1, 2, 3, 4, 5, 6, 7, 8]))
  const { session } = play(newKernel(), log)
  const late = log[1]!
  assert.ok(late.name === 'InvocationAttempted')
  const value = { ...late.value, invocationId: 'late', engineId: 'another', attemptedAt: logStart }
  step(newKernel(), session, { ...late, at: session.lastAt, value })
  const heardIn = ({ sequences }: Session): number[] =>
    Array.from({ length: sequences.size }, (_, place) => sequences.latestAt(place))
  assert.ok(heardIn(session).some(latest => latest < session.sequences.forgottenUpTo))
  const older = decodeSession(encodeSession(session, 10))
  assert.ok(heardIn(older).every(latest => latest >= session.sequences.forgottenUpTo))
})

test('a scorer that took over knows which numbers were used; an older one keeps the evidence without the words', () => {
  const kernel = newKernel()
  const numbered = [0, 1, 2].map(proofSequence => ({ ...read, proofSequence }))
  const [, again] = sessionLog({}, [
    { ...read, invocationId: 'again', engineId: 'another', proofSequence: 1 },
  ])
  assert.ok(again?.name === 'InvocationAttempted')
  const evidenceAfter = (session: Session): number =>
    kernel.attempt(session, again.value, logStart + 40_000).evidence - kernel.assess(played()).evidence
  const played = (): Session => play(kernel, sessionLog({}, numbered)).session
  assert.ok(evidenceAfter(copySession(played())) > 0.3)
  assert.ok(evidenceAfter(decodeSession(encodeSession(played(), 9))) < 0.1)

  const { session } = play(kernel, sessionLog({}, [...numbered, numbered[0]!]))
  const older = decodeSession(encodeSession(session, 9))
  assert.equal(kernel.assess(older).evidence, kernel.assess(session).evidence)
  assert.doesNotMatch(JSON.stringify(kernel.assess(older).contributions), /used twice/)
})
