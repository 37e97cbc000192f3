import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Standing } from '@cordon/schemas'

import { newKernel } from '../../test/play.ts'
import { sessionLog } from '../../test/session-log.ts'
import { baselineView } from '../baseline/baseline-view.ts'
import { emptyProfile } from '../baseline/baselines.ts'
import { noWorkPeaks } from '../calibration/calibration.ts'
import { humanKey, startingNats, withSession } from './suspicion.ts'
import type { Suspicion } from './suspicion.ts'

const start = Date.UTC(2026, 0, 1)
const hour = 3_600_000
const week = 7 * 24 * hour
const ada = humanKey('ada')

const after = (...worst: readonly Standing[]): readonly Suspicion[] =>
  worst.reduce<readonly Suspicion[]>(
    (held, standing, session) =>
      withSession(held, { human: ada, worst: standing, at: start + session * hour }),
    [],
  )

test('after a suspension the next session of the same agent and human starts at the step-up threshold, and says why', () => {
  const suspicions = after('suspended')
  const parts = { version: 0, agent: emptyProfile, role: emptyProfile, all: emptyProfile }
  const view = baselineView({ ...parts, suspicions, peaks: { role: undefined, all: noWorkPeaks } })
  const kernel = newKernel({ baselineFor: () => view })
  const [opened] = sessionLog({}, [])
  if (opened?.name !== 'SessionOpened') throw new Error('expected SessionOpened')
  const next = kernel.assess(kernel.open(opened.value, start + 3 * hour))
  assert.equal(next.standing, 'verify')
  assert.deepEqual(next.contributions, [
    {
      signal: 'history',
      nats: next.evidence,
      fact: 'earlier sessions of this agent for the same human were stopped, asked for approval or came close to it, the latest 3 hours ago',
    },
  ])
  const other = kernel.open({ ...opened.value, human: 'grace' }, start + 3 * hour)
  assert.equal(kernel.assess(other).evidence, 0)
})

test('suspicion fades: a quarter is left after a week, and soon nothing', () => {
  const [held] = after('suspended')
  const atFirst = held!.nats
  assert.equal(startingNats([held!], ada, start)?.nats, 3.5)
  assert.ok(Math.abs(startingNats([held!], ada, start + week)!.nats - atFirst / 4) < 1e-9)
  assert.equal(startingNats([held!], ada, start + 5 * week), undefined)
})

test('an attack split over sessions that each only ask for approval adds up over days', () => {
  const nats = (sessions: number): number =>
    startingNats(
      after(...Array.from({ length: sessions }, () => 'verify' as const)),
      ada,
      start + sessions * hour,
    )?.nats ?? 0
  assert.ok(nats(1) > 1 && nats(1) < 2)
  assert.ok(nats(2) > 3)
})

test('a slow drip: an attack split over sessions that each stay just below the step-up adds up over days', () => {
  const day = 24 * hour
  const nats = (sessions: number, peak: number): number => {
    let held: readonly Suspicion[] = []
    for (let session = 0; session < sessions; session += 1)
      held = withSession(held, { human: ada, worst: 'trusted', peak, at: start + session * day })
    return startingNats(held, ada, start + sessions * day)?.nats ?? 0
  }
  assert.equal(nats(20, 1.9), 0)
  assert.ok(nats(2, 2.1) < 2)
  assert.ok(nats(7, 2.1) > 3)
})

test('one uneasy session in ten leaves nothing behind', () => {
  let held: readonly Suspicion[] = []
  for (let session = 0; session < 400; session += 1)
    held = withSession(held, {
      human: ada,
      worst: 'trusted',
      peak: session % 10 === 0 ? 2.5 : 0.3,
      at: start + session * hour,
    })
  assert.deepEqual(held, [])
})

test('the false alarms that are promised never add up', () => {
  const worst: Standing[] = Array.from({ length: 400 }, (_, session) =>
    session % 20 === 19 ? 'verify' : 'trusted',
  )
  assert.deepEqual(after(...worst.slice(0, -1)), [])
})

test('a session that was cleared is taken back', () => {
  const suspicions = after('suspended', 'verify')
  const cleared = withSession(suspicions, { human: ada, worst: 'suspended', at: start + hour }, -1)
  assert.ok(startingNats(cleared, ada, start + hour)!.nats < 3.5)
})

test('no more humans are held under suspicion than there is room for: the least suspicious give way', () => {
  let suspicions: readonly Suspicion[] = []
  for (let human = 0; human < 100; human += 1)
    suspicions = withSession(suspicions, { human, worst: human < 50 ? 'suspended' : 'verify', at: start })
  assert.equal(suspicions.length, 64)
  assert.deepEqual(
    suspicions.slice(0, 50).map(({ human }) => human),
    Array.from({ length: 50 }, (_, human) => human),
  )
})
