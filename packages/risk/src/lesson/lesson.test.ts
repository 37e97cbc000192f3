import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { anyCalls } from '../../test/any-calls.ts'
import { newKernel, play } from '../../test/play.ts'
import type { Call } from '../../test/session-log.ts'
import { sessionLog, target } from '../../test/session-log.ts'
import { limits } from '../session/limits.ts'
import { decodeDraft, encodeDraft } from './draft-bytes.ts'
import { lessonOf } from './lesson-of.ts'
import { readLesson } from './read-lesson.ts'

const numRuns = 150

const nobody = { sessions: 0, usesEntity: () => false, metEntity: () => false, knowsValue: () => false }
const known = { agent: nobody, role: nobody, all: nobody }

const thresholds = { verify: 1e6, readOnly: 1e6, suspend: 1e6 }
// Without provenance there is no gate rule, so that every call is let through.
const lenient = newKernel({ thresholds, weights: { provenance: 0 } })

test('what a session teaches live is what its log teaches', () => {
  fc.assert(
    fc.property(anyCalls, calls => {
      const passed = calls
        .filter(({ refused }) => refused === undefined)
        .map(({ invocationId: _again, ...call }) => call)
      const log = sessionLog({}, passed)
      assert.deepEqual(lessonOf(play(lenient, log).session), readLesson(log, known))
    }),
    { numRuns },
  )
})

test('what a session teaches survives being stored, in bounded space, whatever the session does', () => {
  fc.assert(
    fc.property(anyCalls, calls => {
      const { draft } = play(lenient, sessionLog({}, calls)).session
      const bytes = encodeDraft(draft)
      assert.ok(bytes.length <= limits.draftBytes)
      assert.deepEqual(decodeDraft(bytes), draft)
    }),
    { numRuns },
  )
})

test('bytes that are no lesson are refused', () => {
  const bytes = encodeDraft(play(lenient, sessionLog({}, [{ tool: 'fs/read' }])).session.draft)
  // Without its last bytes it is one that was stored before values out of texts, or ways of targets, were counted.
  for (let length = 0; length < bytes.length - 2; length += 1)
    assert.throws(() => decodeDraft(bytes.subarray(0, length)), { code: 'SESSION_STATE_MALFORMED' })
})

test('a call that was held or denied teaches nothing', () => {
  const calls: readonly Call[] = [
    { tool: 'mail/read', result: [7] },
    { tool: 'mail/send', mode: 'gate', readOnly: false, sensitivity: 2, entities: [target(7)] },
  ]
  const { session, assessments } = play(newKernel({ thresholds }), sessionLog({}, calls))
  assert.equal(assessments[2]?.verdict, 'hold')
  const { tools, entities } = lessonOf(session)
  assert.deepEqual(
    tools.map(({ tool }) => tool),
    ['mail/read'],
  )
  assert.deepEqual(entities, [])
})
