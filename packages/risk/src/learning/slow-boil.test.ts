import assert from 'node:assert/strict'
import { test } from 'node:test'

import { play } from '../../test/play.ts'
import type { Call } from '../../test/session-log.ts'
import { logStart, sessionLog, target } from '../../test/session-log.ts'
import type { Assessment } from '../assessment.ts'
import { createKernel } from '../kernel.ts'
import { lessonOf } from '../lesson/lesson-of.ts'
import type { Lesson } from '../lesson/lesson.ts'
import { newLearning } from './learning-json.ts'
import { emptySubjectBaseline } from './subject-baseline.ts'
import type { SubjectBaseline } from './subject-baseline.ts'
import type { SubjectLearning } from './subject-learning.ts'
import { subjectLookup } from './subject-lookup.ts'

const dayMs = 86_400_000
/** Two weeks before anybody is fed, four weeks after. */
const calmDays = 14
const days = calmDays + 28
const staff = Array.from({ length: 40 }, (_, human) => 100 + human)
/** Humans whom somebody feeds, and how often each of them has the agent do what he wants: far more than they may teach. */
const fed = [1, 2, 3]
const sessionsPerDay = 20
const agent = { kind: 'agent', name: 'support' } as const

const read = (entity: number): Call => ({ tool: 'mail/read', result: [entity] })
const send = (entity: number): Call => ({
  tool: 'mail/send',
  mode: 'gate',
  readOnly: false,
  sensitivity: 2,
  entities: [target(entity)],
})
const drop: Call = { tool: 'admin/drop', readOnly: false, sensitivity: 3 }
/** Positions of a number in running text. */
const wordsOf = (id: number): readonly number[] => [id % 4000, 4000 + (id % 3999)]
const say = (id: number): Call => ({ tool: 'mail/read', text: [1, 2, 3, ...wordsOf(id)] })
const remove = (id: number): Call => ({
  tool: 'files/delete',
  readOnly: false,
  sensitivity: 3,
  parameters: [{ name: 'id', value: id, wording: wordsOf(id) }],
})

/** What the agent makes of a session: what it says of the last attempt, and what it would learn. */
interface Outcome {
  readonly last: Assessment
  readonly lesson: Lesson
  readonly isTrusted: boolean
}

const judge = (baseline: SubjectBaseline, calls: readonly Call[]): Outcome => {
  const kernel = createKernel({
    baselineFor: subjectLookup(({ kind }) => (kind === 'agent' ? baseline : emptySubjectBaseline), 0),
  })
  const { session, assessments } = play(kernel, sessionLog({ agentId: agent.name }, calls))
  return {
    last: assessments.at(-2)!,
    lesson: lessonOf(session),
    isTrusted: session.draft.worst === 'trusted',
  }
}

/**
 * Six weeks: everybody works, in the last four some humans are fed, what closed in good standing is learned a day later, and a new version is
 * published every day.
 * @param humans who are fed
 * @param fedWith what they are fed with in their nth session
 * @param onDay what the agent's baseline is on each day from the first that somebody is fed
 * @param work what everybody does, told the day
 */
const boil = (
  humans: readonly number[],
  fedWith: (session: number) => readonly Call[],
  onDay: (baseline: SubjectBaseline) => void,
  work: (day: number) => readonly Call[] = () => [read(1), send(3)],
): void => {
  const learning: SubjectLearning = newLearning(agent, emptySubjectBaseline)
  let quarantined: readonly (readonly [human: number, lesson: Lesson])[] = []
  let session = 0
  for (let day = 0; day < days; day += 1) {
    const closedAt = logStart + day * dayMs
    for (const [human, lesson] of quarantined)
      learning.learn(lesson, { human, closedAt, peak: 0, isNew: false })
    const { baseline } = learning.publish(closedAt)
    if (day >= calmDays) onDay(baseline)
    const ordinary = judge(baseline, work(day)).lesson
    const attacks = (day < calmDays ? [] : humans).flatMap(human =>
      Array.from(
        { length: sessionsPerDay },
        () => [human, judge(baseline, fedWith((session += 1)))] as const,
      ),
    )
    quarantined = [
      ...staff.map(human => [human, ordinary] as const),
      ...attacks
        .filter(([, { isTrusted }]) => isTrusted)
        .map(([human, { lesson }]) => [human, lesson] as const),
    ]
  }
}

test('a slow boil: what is held teaches nothing, so that after four weeks a new target out of a result is held as on the first day', () => {
  const verdicts: string[] = []
  boil(
    fed,
    session => [read(10_000 + session), send(10_000 + session)],
    baseline => void verdicts.push(judge(baseline, [read(666), send(666)]).last.verdict),
  )
  assert.deepEqual([...new Set(verdicts)], ['hold'])
})

test('a slow boil: a tool that is fed to the agent becomes usual within days, and nothing of it passes before the quarantine', t => {
  const costOf = (humans: readonly number[]): number => {
    const evidence: number[] = []
    boil(
      humans,
      () => [read(1), drop],
      baseline => void evidence.push(judge(baseline, [read(1), drop]).last.evidence),
    )
    t.diagnostic(
      `${humans.length} fed: ${evidence
        .slice(0, 10)
        .map(nats => nats.toFixed(2))
        .join(' ')} … ${evidence.at(-1)?.toFixed(2)} nats, day by day`,
    )
    assert.ok(evidence[0]! > 1.5, `${evidence[0]} nats on the first day`)
    assert.ok(evidence.every((nats, day) => day === 0 || nats <= evidence[day - 1]! + 1e-9))
    return evidence.findIndex(nats => nats < 0.5)
  }
  // A twentieth of what is known is a lot for one human in one day: this is the cost, and it is not high.
  assert.equal(costOf([1]), 2)
  assert.equal(costOf(fed), 1)
})

test('a slow boil: a value out of a text stays as unusual as on the first day, however full the texts of ordinary work are', () => {
  const texts: Readonly<Record<string, (session: number) => Call>> = {
    'says it': session => say(20_000 + session),
    'has every word': () => ({ tool: 'mail/read', text: Array.from({ length: 8192 }, (_, at) => at) }),
  }
  for (const [name, text] of Object.entries(texts)) {
    const evidence: number[] = []
    boil(
      fed,
      session => [text(session), remove(20_000 + session)],
      baseline => {
        const { contributions } = judge(baseline, [say(7), remove(7)]).last
        evidence.push(contributions.find(({ signal }) => signal === 'provenance')?.nats ?? 0)
      },
      day => [read(1), remove(30_000 + day)],
    )
    assert.ok(evidence[0]! > 4, `${name}: ${evidence[0]} nats on the first day`)
    assert.ok(Math.min(...evidence) === evidence[0], `${name}: ${evidence.join(' ')}`)
  }
})
