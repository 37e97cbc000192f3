import assert from 'node:assert/strict'
import { test } from 'node:test'

import { play, taughtKernel } from '../test/play.ts'
import type { Call } from '../test/session-log.ts'
import { sessionLog, target } from '../test/session-log.ts'
import type { Kernel } from './kernel.ts'
import { encodeSession } from './session/encode-session.ts'

const read: Call = { tool: 'fs/read' }
const write: Call = { tool: 'fs/write', sensitivity: 2, readOnly: false }
const hijack: readonly Call[] = [
  { ...read, result: [8] },
  { ...write, entities: [target(8)] },
]
/** An agent that reads and writes, and acts on nothing of what it read. */
const kernelWith = (options: Parameters<typeof taughtKernel>[1]): Kernel =>
  taughtKernel([read, { ...write, entities: [target(99)] }], options)

// 4.6 nats: a foreign target.
const thresholds = { verify: 4, readOnly: 8, suspend: 9 }

test('a verified session is trusted again after good conduct and time', () => {
  const kernel = kernelWith({ thresholds })
  const calm = (count: number): readonly Call[] => [
    ...hijack,
    ...Array.from({ length: count }, (): Call => ({ ...write, entities: [target(99)], afterMs: 120_000 })),
  ]
  const standings = play(kernel, sessionLog({}, calm(12))).assessments.map(({ standing }) => standing)
  assert.equal(standings[2], 'verify')
  assert.equal(standings.at(-1), 'trusted')
  const back = standings.indexOf('trusted', 3)
  // Two records a call; with the fifth calm one at the earliest.
  assert.ok(back >= 2 * (2 + 4))
})

test('a suspended session stays suspended whatever it does', () => {
  const kernel = kernelWith({ thresholds: { verify: 1, readOnly: 2, suspend: 3 } })
  const calm = Array.from({ length: 60 }, (): Call => ({ ...write, afterMs: 600_000 }))
  const { assessments } = play(kernel, sessionLog({}, [...hijack, ...calm]))
  assert.ok(assessments.slice(2).every(({ standing }) => standing === 'suspended'))
  assert.equal(assessments.at(-1)!.verdict, 'deny')
})

test('a tick changes nothing until a standing or band is left by it', () => {
  const kernel = kernelWith({ thresholds })
  const { session } = play(kernel, sessionLog({}, hijack))
  const before = encodeSession(session)
  assert.equal(kernel.tick(session, session.lastAt + 1000), undefined)
  assert.deepEqual(encodeSession(session), before)
  const faded = kernel.tick(session, session.lastAt + 600_000)
  assert.equal(faded?.bandChanged, true)
  assert.ok(faded.evidence < 4.6)
  assert.equal(kernel.tick(session, session.lastAt), undefined)
})

test('a long silence forgives no more than ten minutes', () => {
  const kernel = kernelWith({ thresholds })
  const after = (silenceMs: number): number => {
    const { session } = play(kernel, sessionLog({}, hijack))
    kernel.undecodable(session, session.lastAt + silenceMs)
    return kernel.assess(session).evidence
  }
  assert.equal(after(600_000), after(86_400_000))
  assert.ok(after(0) > after(600_000))
})

test('an assessment stays what it was when the session goes on', () => {
  const kernel = kernelWith({})
  const { session, assessments } = play(kernel, sessionLog({}, hijack))
  const assessment = assessments[2]!
  const before = assessment.contributions
  kernel.undecodable(session, session.lastAt)
  assert.deepEqual(assessment.contributions, before)
})
