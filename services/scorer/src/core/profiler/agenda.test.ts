import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { Agenda } from './agenda.ts'
import { lessonKey } from './profiler-state.ts'
import type { LessonEntry } from './profiler-state.ts'

const lesson = (subject: string, dueAt: number): LessonEntry => ({
  contribution: undefined,
  subject,
  stage: 'suspended',
  dueAt,
})

test('the subject whose lesson has waited longest comes first, with as many of its lessons as are wanted', () => {
  const agenda = new Agenda()
  for (const [subject, session, dueAt] of [
    ['agent/a', '0.1', 30],
    ['agent/a', '0.2', 20],
    ['agent/b', '0.3', 10],
    ['agent/a', '0.4', 25],
  ] as const)
    agenda.note({ key: lessonKey(subject, session), state: lesson(subject, dueAt) })
  assert.equal(agenda.toTake(9, 2), undefined)
  assert.deepEqual(agenda.toTake(40, 2), { subject: 'agent/b', keys: ['lesson/agent/b/0.3'] })
  agenda.note({ key: 'lesson/agent/b/0.3', state: null })
  assert.deepEqual(agenda.toTake(40, 2), {
    subject: 'agent/a',
    keys: ['lesson/agent/a/0.2', 'lesson/agent/a/0.4'],
  })
})

test('answers the same whether it was kept up or built anew', () => {
  const aStep = fc.record({
    subject: fc.constantFrom('agent/a', 'agent/b', 'all'),
    session: fc.constantFrom('0.1', '0.2', '0.3'),
    dueAt: fc.option(fc.nat(20), { nil: undefined }),
  })
  fc.assert(
    fc.property(fc.array(aStep, { maxLength: 40 }), fc.nat(20), (steps, now) => {
      const states = new Map<string, LessonEntry>()
      const kept = new Agenda()
      for (const { subject, session, dueAt } of steps) {
        const key = lessonKey(subject, session)
        const state = dueAt === undefined ? null : lesson(subject, dueAt)
        if (state === null) states.delete(key)
        else states.set(key, state)
        kept.note({ key, state })
      }
      assert.deepEqual(kept.toTake(now, 2), Agenda.of(states).toTake(now, 2))
    }),
  )
})
