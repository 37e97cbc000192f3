import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { judged, newKernel, outcome, play, raising, taughtKernel } from '../../test/play.ts'
import type { Call } from '../../test/session-log.ts'
import { sessionLog } from '../../test/session-log.ts'
import { BaselineBuilder } from '../baseline/baseline-builder.ts'
import { encodeBaselines, parseBaselines } from '../baseline/baseline-json.ts'
import { baselineLookup } from '../baseline/baseline-view.ts'
import { createKernel } from '../kernel.ts'
import type { Kernel } from '../kernel.ts'
import { decodeDraft, encodeDraft } from '../lesson/draft-bytes.ts'
import { lessonOf } from '../lesson/lesson-of.ts'
import { copySession } from '../session/copy-session.ts'
import { decodeSession } from '../session/decode-session.ts'
import { encodeSession } from '../session/encode-session.ts'

const read = (...text: readonly number[]): Call => ({ tool: 'files/read', text })
const remove = (id: number, readOnly = false): Call => ({
  tool: 'files/delete',
  sensitivity: readOnly ? 1 : 3,
  readOnly,
  parameters: [{ name: 'id', value: id, wording: [id, id + 4000] }],
})
/** The positions of that value, among others. */
const says = (id: number): readonly number[] => [1, 2, id, id + 4000]

/** Sixty sessions that delete a file each, of which so many were told which one by a text. */
const taught = (toldByText: number): Kernel => {
  const builder = new BaselineBuilder()
  for (let session = 0; session < 60; session += 1) {
    const id = 1000 + session
    builder.learn(
      sessionLog({ session: `${session}` }, [read(...(session < toldByText ? says(id) : [3])), remove(id)]),
    )
  }
  const stored = parseBaselines(encodeBaselines(builder.baselines()))
  return createKernel({ baselineFor: baselineLookup(stored) })
}

const provenance = (kernel: Kernel, calls: readonly Call[]) =>
  raising(judged(kernel, calls)).find(({ signal }) => signal === 'provenance')

describe('a whole value out of running text', () => {
  const kernel = taught(0)

  test('raises the score, and says which parameter', () => {
    const calls = [read(...says(7)), remove(7)]
    assert.ok(judged(kernel, calls).score > judged(kernel, [read(3), remove(7)]).score)
    const found = provenance(kernel, calls)
    assert.ok(found!.nats > 2)
    assert.equal(
      found!.fact,
      'the id that files/delete is given stands in a text that an earlier call returned',
    )
  })

  test('says nothing where the text does not have all of it', () => {
    assert.equal(provenance(kernel, [read(1, 2, 7), remove(7)]), undefined)
  })

  test('says nothing where the session gave the value before it read it', () => {
    const find: Call = { ...remove(7, true), tool: 'files/find' }
    assert.equal(provenance(kernel, [find, read(...says(7)), remove(7)]), undefined)
    // Forgotten, it counts as read: more values than there is room for take the oldest's place.
    const others = Array.from({ length: 40 }, (_, id): Call => ({ ...find, ...remove(100 + id, true) }))
    assert.notEqual(provenance(kernel, [find, ...others, read(...says(7)), remove(7)]), undefined)
  })

  test('says nothing where the human named it, though a text has it too', () => {
    const natsOf = (asked: readonly number[]): number => {
      const { assessments } = play(kernel, sessionLog({ asked }, [read(...says(7)), remove(7)]))
      return raising(assessments[2]!).find(({ signal }) => signal === 'provenance')?.nats ?? 0
    }
    assert.equal(natsOf([5, 7, 4007, 9]), 0)
    assert.equal(natsOf([7, 4008]), natsOf([]), 'half of it is not it')
    assert.ok(natsOf([]) > 2)
  })

  test('and neither teaches what the human named, nor forgets it with the state', () => {
    const { session } = play(newKernel(), sessionLog({ asked: [7, 4007] }, [read(...says(7)), remove(7)]))
    assert.ok(lessonOf(session).parameters.every(({ fromText }) => !fromText))
    const again = copySession(session)
    assert.ok(again.asked.holds([7, 4007]))
    assert.deepEqual(encodeSession(again), encodeSession(session))
    const older = decodeSession(encodeSession(session, 7))
    assert.equal(older.asked.isEmpty, true)
    assert.equal(kernel.assess(older).evidence, kernel.assess(session).evidence)
  })

  test('says nothing where the agent gives that value anyway, or where the call only reads', () => {
    assert.equal(provenance(kernel, [read(...says(1001)), remove(1001)]), undefined)
    assert.equal(provenance(kernel, [read(...says(7)), remove(7, true)]), undefined)
  })

  test('says less the more often that parameter is given such ones', () => {
    const nats = [0, 6, 60].map(told => provenance(taught(told), [read(...says(7)), remove(7)])?.nats ?? 0)
    assert.ok(nats[0]! > nats[1]! && nats[1]! > nats[2]! + 0.5, nats.join(' '))
    assert.ok(nats[2]! < 0.1)
  })

  test('is remembered with the session, however much was read', () => {
    for (const filler of [[], Array.from({ length: 600 }, (_, at) => 3 * at)]) {
      const { session } = play(kernel, sessionLog({}, [read(...filler), read(...says(7))]))
      const again = copySession(session)
      assert.deepEqual(encodeSession(again), encodeSession(session))
      assert.ok(again.wording.holds([7, 4007]))
    }
  })

  test('is taught by the session as by its log', () => {
    const { session } = play(newKernel(), sessionLog({}, [read(...says(7)), remove(7)]))
    assert.deepEqual(
      lessonOf(session).parameters.map(({ fromText }) => fromText),
      // The form of the reading, the id, the form of the deletion.
      [false, true, false],
    )
    assert.deepEqual(decodeDraft(encodeDraft(session.draft)), session.draft)
  })
})

describe('a flood of text', () => {
  const kernel = taught(0)
  const flood: Call = { tool: 'files/read', text: Array.from({ length: 8192 }, (_, at) => at) }
  const calls = [read(...says(7)), remove(7)]
  const natsOf = (log: readonly Call[]): number => provenance(kernel, log)?.nats ?? 0

  test('hides nothing, wherever it stands', () => {
    for (const at of [0, 1]) assert.ok(natsOf(calls.toSpliced(at, 0, flood)) >= natsOf(calls))
    const given: Call = { ...remove(8, true), tool: 'files/find' }
    const own = [given, flood, remove(8)]
    assert.equal(natsOf(own), 0, 'what the session gave before stays its own')
    assert.ok(natsOf([flood, given, remove(8)]) > 0)
  })

  test('makes every new value look as if it came from it, and suspends nobody by that', () => {
    const { session, assessments } = play(
      kernel,
      sessionLog({}, [flood, ...Array.from({ length: 60 }, (_, id) => remove(id))]),
    )
    assert.ok(assessments.every(({ standing }) => standing !== 'suspended'))
    const once = judged(kernel, [flood, remove(0)])
    assert.ok(kernel.assess(session).evidence < once.evidence + 0.5, 'the first says what all say')
  })
})

test('a scorer that knows no running text reads the session without it, and loses no evidence', () => {
  const kernel = taughtKernel([read(3), remove(1001)])
  const { session } = play(kernel, sessionLog({}, [read(...says(7)), remove(7)]))
  const older = decodeSession(encodeSession(session, 5))
  assert.ok(Math.abs(kernel.assess(older).evidence - kernel.assess(session).evidence) < 1e-9)
  assert.equal(older.wording.isEmpty, true)
})

test('an outcome alone raises nothing', () => {
  assert.ok(outcome(taught(0), [read(...says(7))]).evidence <= 0)
})
