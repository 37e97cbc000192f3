import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { anyCalls } from '../../test/any-calls.ts'
import { newKernel, play } from '../../test/play.ts'
import type { Call } from '../../test/session-log.ts'
import { logStart, sessionLog, target } from '../../test/session-log.ts'
import { emptyProfile } from '../baseline/baselines.ts'
import { poolCapacity } from '../baseline/capacity.ts'
import { ProfileBuilder } from '../baseline/profile-builder.ts'
import { ProfileView } from '../baseline/profile-view.ts'
import { nameKey } from '../hash.ts'
import type { Kernel } from '../kernel.ts'
import { createKernel } from '../kernel.ts'
import { lessonOf } from '../lesson/lesson-of.ts'
import { maxCountsPerSession } from '../lesson/lesson-draft.ts'
import type { Lesson } from '../lesson/lesson.ts'
import { model } from '../signals/model.ts'
import { probability } from '../signals/tool-signal.ts'
import { encodeLearning, newLearning, parseLearning } from './learning-json.ts'
import { everyone } from './subject.ts'
import type { Subject } from './subject.ts'
import { emptySubjectBaseline, encodeSubjectBaseline, parseSubjectBaseline } from './subject-baseline.ts'
import type { SubjectBaseline } from './subject-baseline.ts'
import { subjectLookup } from './subject-lookup.ts'
import type { SubjectLearning } from './subject-learning.ts'

const day = 86_400_000
/** Key of a tool after which nothing was ever seen. */
const nowhere = 77
const agent = { kind: 'agent', name: 'support' } as const

const thresholds = { verify: 1e6, readOnly: 1e6, suspend: 1e6 }
const lenient = newKernel({ thresholds, weights: { provenance: 0 } })
const lessonFrom = (calls: readonly Call[]): Lesson => lessonOf(play(lenient, sessionLog({}, calls)).session)

const teach = (learning: SubjectLearning, lesson: Lesson, human: number, closedAt: number): boolean =>
  learning.learn(lesson, { human, closedAt, peak: 0, isNew: true })

test('what is learned survives being stored, and the same learning has the same text', () => {
  fc.assert(
    fc.property(fc.array(anyCalls, { maxLength: 12 }), sessions => {
      const learning = newLearning(agent, emptySubjectBaseline)
      for (const [human, calls] of sessions.entries())
        learning.learn(lessonFrom(calls), { human, closedAt: logStart, peak: human / 3, isNew: false })
      const text = encodeLearning(learning)
      const restored = parseLearning(agent, text)
      assert.equal(encodeLearning(restored), text)
      const baseline = encodeSubjectBaseline(learning.publish(logStart).baseline)
      assert.equal(encodeSubjectBaseline(restored.publish(logStart).baseline), baseline)
      assert.equal(encodeSubjectBaseline(parseSubjectBaseline(baseline)), baseline)
    }),
    { numRuns: 40 },
  )
})

test('what a session taught can be taken back', () => {
  const sorted = (builder: ProfileBuilder): unknown => {
    const { rate, ...counts } = builder.learned()
    const { mean, squares, sessions } = rate
    const text = JSON.stringify(counts, (_key, value: unknown) =>
      Array.isArray(value) ? [...value].map(entry => JSON.stringify(entry)).sort() : value,
    )
    return [text, sessions, mean.toFixed(6), squares.toFixed(6)]
  }
  fc.assert(
    fc.property(fc.array(anyCalls, { maxLength: 6 }), anyCalls, (sessions, bad) => {
      // What a tool's sensitivity is says the catalogue, and the latest session knows it best.
      const taught = (calls: readonly Call[]): Lesson =>
        lessonFrom(calls.map(call => ({ ...call, sensitivity: 1 })))
      const builder = new ProfileBuilder(poolCapacity)
      for (const calls of sessions) builder.learn(taught(calls))
      const before = new ProfileBuilder(poolCapacity, builder.learned())
      builder.learn(taught(bad))
      builder.unlearn(taught(bad))
      // Which key was used last is not taken back: it only says which one gives way first.
      assert.deepEqual(sorted(builder), sorted(before))
    }),
    { numRuns: 60 },
  )
})

test('one human teaches a subject two sessions a day, or a twentieth of what is known', () => {
  const learning = newLearning(agent, emptySubjectBaseline)
  const lesson = lessonFrom([{ tool: 'fs/read' }])
  const taken = (human: number, closedAt: number, sessions: number): number =>
    Array.from({ length: sessions }, () => teach(learning, lesson, human, closedAt)).filter(Boolean).length
  assert.equal(taken(1, logStart, 10), 2)
  assert.equal(taken(2, logStart, 10), 2)
  assert.equal(taken(1, logStart + day, 10), 2)
  for (let human = 10; human < 60; human += 1) taken(human, logStart + 2 * day, 2)
  assert.equal(learning.sessions, 106)
  assert.equal(taken(1, logStart + 3 * day, 100), 5)
})

test('versions stay for as long as the logs of sessions that began with them, and then go', () => {
  const learning = newLearning(agent, emptySubjectBaseline)
  const retired: number[] = []
  for (let number = 0; number < 12; number += 1) {
    teach(learning, lessonFrom([{ tool: 'fs/read' }]), number, logStart + number * day)
    retired.push(...learning.publish(logStart + number * day).retired)
  }
  assert.deepEqual(retired, [1, 2, 3])
})

test('a baseline is published when it has grown by a tenth, or changed for a day', () => {
  const learning = newLearning(agent, emptySubjectBaseline)
  assert.equal(learning.dueAt, Infinity)
  for (let human = 0; human < 20; human += 1) teach(learning, lessonFrom([]), human, logStart)
  assert.equal(learning.dueAt, 0)
  learning.publish(logStart)
  teach(learning, lessonFrom([]), 20, logStart)
  assert.equal(learning.dueAt, logStart + day)
  teach(learning, lessonFrom([]), 21, logStart)
  assert.equal(learning.dueAt, 0)
})

test('m poisoned sessions raise no share above (c + 3m) / (n + 3m)', () => {
  const call = fc.constantFrom('fs/read', 'fs/write', 'db/query', 'admin/drop')
  const anySession = fc.array(call, { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(
      fc.array(anySession, { maxLength: 20 }),
      fc.array(anySession, { maxLength: 20 }),
      (known, poisoned) => {
        const learning = newLearning(everyone, emptySubjectBaseline)
        let human = 0
        const teachAll = (sessions: readonly (readonly string[])[]): void => {
          for (const tools of sessions)
            teach(learning, lessonFrom(tools.map(tool => ({ tool }))), (human += 1), logStart)
        }
        teachAll(known)
        const before = learning.parts.builder.learned()
        teachAll(poisoned)
        const { calls, tools } = learning.parts.builder.learned()
        const taught = maxCountsPerSession * poisoned.length
        for (const [name, count] of tools) {
          const held = before.tools.find(([known]) => known === name)?.[1] ?? 0
          assert.ok(count <= held + taught)
          assert.ok(count / calls <= (held + taught) / (before.calls + taught) + 1e-9)
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('m poisoned sessions raise what back-off makes of a tool by no more than their share', () => {
  const { discount, strength, unknownTools } = model.tool
  const call = fc.constantFrom('fs/read', 'fs/write', 'db/query', 'admin/drop', 'mail/send')
  const anySession = fc.array(call, { minLength: 1, maxLength: 30 })
  const nobody = new ProfileView(emptyProfile)
  fc.assert(
    fc.property(
      fc.array(anySession, { maxLength: 20 }),
      fc.array(anySession, { maxLength: 20 }),
      (known, poisoned) => {
        const learning = newLearning(agent, emptySubjectBaseline)
        let human = 0
        const teachAll = (sessions: readonly (readonly string[])[]): void => {
          for (const tools of sessions)
            teach(learning, lessonFrom(tools.map(tool => ({ tool }))), (human += 1), logStart)
        }
        teachAll(known)
        const before = learning.parts.builder.learned()
        teachAll(poisoned)
        const { tools } = learning.parts.builder.learned()
        const view = new ProfileView(learning.parts.builder.profile())
        const taught = maxCountsPerSession * poisoned.length
        const { total, types } = view.tools
        // Whatever is not its own: what nobody was ever seen to do.
        const others = (strength + discount * types) / (total + strength) / (types + unknownTools)
        for (const [name] of tools) {
          const held = before.tools.find(([known]) => known === name)?.[1] ?? 0
          const baseline = { agent: view, role: nobody, all: nobody }
          const share = probability(baseline, nowhere, nowhere, nameKey(name))
          assert.ok(share <= (held + taught) / (before.calls + taught) + others + 1e-9)
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('whoever feeds one human’s agent needs days for a target to be known, and gets no further than that', () => {
  const learning = newLearning(agent, emptySubjectBaseline)
  const usual: readonly Call[] = [
    { tool: 'mail/read', result: [1, 2] },
    { tool: 'mail/send', mode: 'gate', readOnly: false, sensitivity: 2, entities: [target(3)] },
  ]
  for (let human = 100; human < 140; human += 1) teach(learning, lessonFrom(usual), human, logStart)
  const attack: readonly Call[] = [
    { tool: 'mail/read', result: [666] },
    { tool: 'mail/send', mode: 'gate', readOnly: false, sensitivity: 2, entities: [target(666)] },
  ]
  // What is held teaches nothing, but what results showed was met: three sessions of it, and nobody calls it foreign.
  const passes = (): boolean => {
    const kernel = kernelOf(learning)
    return play(kernel, sessionLog({ agentId: agent.name }, attack)).assessments[2]?.verdict === 'forward'
  }
  let days = 0
  while (!passes()) {
    days += 1
    for (let session = 0; session < 50; session += 1) {
      const { session: played } = play(kernelOf(learning), sessionLog({ agentId: agent.name }, attack))
      teach(learning, lessonOf(played), 1, logStart + days * day)
    }
    assert.ok(days < 100)
  }
  assert.equal(days, 2)
})

const kernelOf = (learning: SubjectLearning): Kernel => {
  const { baseline } = parseLearning(agent, encodeLearning(learning)).publish(0)
  const find = ({ kind }: Subject): SubjectBaseline => (kind === 'agent' ? baseline : emptySubjectBaseline)
  return createKernel({ baselineFor: subjectLookup(find, 0) })
}
