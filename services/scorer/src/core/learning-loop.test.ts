import assert from 'node:assert/strict'
import { test } from 'node:test'

import { emptySubjectBaseline, encodeSubjectBaseline, subjectLookup } from '@cordon/risk'
import type { AgentBaseline } from '@cordon/schemas'
import { createLocalSerde } from '@cordon/serde'
import { StreamDriver } from '@cordon/stream'

import type { DrivenScorer } from '../fixtures/driven-scorer.ts'
import { openDrivenScorer, tickAt, untaughtKernel } from '../fixtures/driven-scorer.ts'
import { attempted, completed, ended, opened, reviewed } from '../fixtures/session-events.ts'
import { createProfilerProcessor } from './profiler/profiler-processor.ts'
import { BaselineLibrary } from './baseline-library.ts'

const codec = createLocalSerde()

const newLibrary = (): BaselineLibrary =>
  new BaselineLibrary({
    ofFile: () => emptySubjectBaseline,
    onMissing: () => assert.fail('a version is missing'),
  })

const openScorer = async (library: BaselineLibrary): Promise<DrivenScorer> =>
  await openDrivenScorer({
    kernel: untaughtKernel({ baselineFor: subjectLookup(library.find, 0) }),
    baselines: library,
  })

/** Hands what the scorer told the profiler to one, and gives back what that published. */
const learnFrom = async (scorer: DrivenScorer): Promise<readonly AgentBaseline[]> => {
  const processor = createProfilerProcessor({
    codec,
    ofFile: () => emptySubjectBaseline,
    quarantineMs: 0,
    reviewMs: 1000,
    partitions: 1,
  })
  const profiler = await StreamDriver.open({
    processor,
    codec,
    tickIntervalMs: 0,
    startAt: scorer.driver.now,
  })
  for (const { key, value } of scorer.driver.outputs('baseline-contributions'))
    profiler.pipe({ key: String(key), value: value! })
  for (let ticks = 0; ticks < 9; ticks += 1) {
    const [, tick] = tickAt(codec, profiler.now, [], 'baseline-contributions')
    profiler.pipe({ key: '\0tick', value: tick })
    await profiler.settle()
  }
  return profiler.outputs('agent-baselines').flatMap(({ value }) => {
    const record = value === null ? undefined : codec.decode(value)
    return record?.name === 'AgentBaseline' ? [record.value] : []
  })
}

const one = '0.00000000-0000-4000-8000-000000000001'
const two = '0.00000000-0000-4000-8000-000000000002'

const work = async (scorer: DrivenScorer, sessionId: string): Promise<void> => {
  const at = scorer.driver.now
  await scorer.write(
    opened(sessionId, at),
    attempted(sessionId, at, `${sessionId}/1`),
    completed(sessionId, at, `${sessionId}/1`),
  )
}

test('what a session taught is in force for the next one, from the tick on that says so, and never for one that is open', async () => {
  const library = newLibrary()
  const scorer = await openScorer(library)
  await work(scorer, one)
  await scorer.write(ended(one, scorer.driver.now))
  const baselines = await learnFrom(scorer)
  assert.deepEqual(
    baselines.map(({ subject, version, sessions }) => `${subject} ${version} ${sessions}`).sort(),
    ['agent/agent 1 1', 'all 1 1', 'role/analyst 1 1'],
  )
  await work(scorer, two)
  for (const baseline of baselines) library.put(baseline)
  await scorer.tick(library.announce(0))
  const three = two.replace(/2$/, '3')
  await work(scorer, three)
  await scorer.write(ended(two, scorer.driver.now), ended(three, scorer.driver.now))
  const decisions = scorer.published('session-decisions', 'SessionDecision')
  const basedOn = (sessionId: string): readonly (readonly [number, number])[] =>
    decisions
      .filter(decision => decision.sessionId === sessionId)
      .map(({ baselineVersion, baselineSessions }) => [baselineVersion, baselineSessions])
  assert.deepEqual(new Set(basedOn(two).map(String)), new Set(['0,0']))
  assert.deepEqual(new Set(basedOn(three).map(String)), new Set(['3,1']))
})

test('a version that is announced and not held yet is waited for', async () => {
  const library = newLibrary()
  const scorer = await openScorer(library)
  await scorer.tick([{ subject: 'agent/agent', version: 1 }])
  await scorer.write(opened(one, scorer.driver.now))
  assert.deepEqual(scorer.published('session-decisions', 'SessionDecision'), [])
  library.put({ subject: 'agent/agent', version: 1, publishedAt: 0, sessions: 7, baseline: emptyText })
  await scorer.driver.advance(6000)
  assert.equal(scorer.published('session-decisions', 'SessionDecision')[0]?.baselineVersion, 1)
})

test('an older version that is announced again changes nothing', async () => {
  const library = newLibrary()
  for (const version of [1, 2])
    library.put({ subject: 'agent/agent', version, publishedAt: 0, sessions: version, baseline: emptyText })
  const scorer = await openScorer(library)
  for (const version of [2, 1, 2]) await scorer.tick([{ subject: 'agent/agent', version }])
  await scorer.write(opened(one, scorer.driver.now))
  assert.equal(scorer.session(one)?.pins.agent, 2)
  assert.equal(scorer.session(one)?.pins.version, 1)
})

test('a version that nobody has any more is as good as nothing known, and is told', () => {
  const missing: string[] = []
  const library = new BaselineLibrary({
    ofFile: () => emptySubjectBaseline,
    onMissing: ({ subject, version }) => missing.push(`${subject}@${version}`),
  })
  const agent = { kind: 'agent', name: 'a' } as const
  assert.throws(() => library.find(agent, 3), { code: 'BASELINE_AWAITED' })
  library.complete()
  assert.equal(library.find(agent, 3), emptySubjectBaseline)
  assert.deepEqual(missing, ['agent/a@3'])
})

test('an announcement is made once for each partition, a newer version again, and never too many at once', () => {
  const library = newLibrary()
  const put = (subject: string, version: number): void =>
    library.put({ subject, version, publishedAt: 0, sessions: 0, baseline: emptyText })
  for (let agent = 0; agent < 100; agent += 1) put(`agent/${agent}`, 1)
  assert.deepEqual(
    [library.announce(0), library.announce(0), library.announce(0), library.announce(1)].map(
      ({ length }) => length,
    ),
    [64, 36, 0, 64],
  )
  put('agent/7', 2)
  assert.deepEqual(library.announce(0), [{ subject: 'agent/7', version: 2 }])
})

test('what an operator finds of a session reaches the profiler, also after the session is forgotten', async () => {
  const scorer = await openScorer(newLibrary())
  await scorer.write(opened(one, scorer.driver.now))
  for (const sessionId of [one, two])
    await scorer.writeReview(reviewed(sessionId, 'misuse', scorer.driver.now))
  assert.deepEqual(
    scorer
      .published('baseline-contributions', 'SessionFound')
      .map(({ subject, sessionId, human, finding }) => [subject, sessionId, human !== null, finding]),
    [
      ['agent/agent', one, true, 'misuse'],
      ['agent/other', two, false, 'misuse'],
    ],
  )
})

const emptyText = encodeSubjectBaseline(emptySubjectBaseline)
