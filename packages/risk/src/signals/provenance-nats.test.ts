import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { judged, newKernel, outcome, raising } from '../../test/play.ts'
import type { Call } from '../../test/session-log.ts'
import { sessionLog, target } from '../../test/session-log.ts'
import { BaselineBuilder } from '../baseline/baseline-builder.ts'
import { baselineLookup } from '../baseline/baseline-view.ts'
import type { Profile } from '../baseline/baselines.ts'
import { emptyProfile } from '../baseline/baselines.ts'
import { ProfileView } from '../baseline/profile-view.ts'
import { nameKey } from '../hash.ts'
import type { Kernel } from '../kernel.ts'
import { createKernel } from '../kernel.ts'
import { probability } from './tool-signal.ts'

// Beyond reach, so that only the gate rule holds.
const thresholds = { verify: 99, readOnly: 99, suspend: 99 }

const search = (hit: number): Call => ({ tool: 'web/search', result: [hit] })
const open = (page: number, link = 9_000_000 + page): Call => ({
  tool: 'web/open',
  mode: 'gate',
  sensitivity: 2,
  entities: [target(page)],
  result: [link],
})

const send = (to: number): Call => ({
  tool: 'mail/send',
  mode: 'gate',
  readOnly: false,
  sensitivity: 2,
  entities: [target(to)],
})

/** A kernel whose agent has done so sixty times, each time with other things. */
const taught = (usual: (session: number) => readonly Call[]): Kernel => {
  const builder = new BaselineBuilder()
  for (let session = 0; session < 60; session += 1)
    builder.learn(sessionLog({ session: `taught-${session}` }, usual(1000 + session)))
  return createKernel({ baselineFor: baselineLookup(builder.baselines()), thresholds })
}

describe('the way that a foreign target takes', () => {
  const kernel = taught(session => [search(session), open(session), send(3)])

  test('an agent that opens what its search found goes on, however new that is', () => {
    const usual = judged(kernel, [search(1), open(1)])
    assert.equal(usual.verdict, 'forward')
    assert.ok(usual.evidence <= 0)
  })

  test('what a page tells it to open is held, and said to come from there', () => {
    const lured = judged(kernel, [search(1), open(1, 2), open(2)])
    assert.equal(lured.verdict, 'hold')
    assert.equal(
      raising(lured).find(({ signal }) => signal === 'provenance')?.fact,
      'first time anyone meets the path that web/open acts on; it came from the result of web/open 1 call earlier',
    )
  })

  test('another tool of the same agent, which acts on what is known, is no better for it', () => {
    const sent = judged(kernel, [search(1), send(1)])
    assert.equal(sent.verdict, 'hold')
    assert.ok(raising(sent).some(({ signal }) => signal === 'provenance'))
  })

  test('of an agent without a baseline any is held, whatever others do', () => {
    const stranger = { agentId: 'stranger', role: 'nobody' }
    const { verdict, contributions } = judged(kernel, [search(1), open(1)], stranger)
    assert.equal(verdict, 'hold')
    assert.match(contributions.at(-1)!.fact, /first time anyone meets the path/)
  })

  test('what is held has a fact that says why, also where an earlier call was stronger', () => {
    const drop: Call = { tool: 'admin/drop', sensitivity: 3, readOnly: false, mode: 'gate' }
    const earlier = [{ ...drop, entities: [target(5)] }, search(1), open(1, 2)]
    const { verdict, contributions } = judged(kernel, [search(5), ...earlier, open(2)])
    assert.equal(verdict, 'hold')
    assert.match(
      contributions.find(({ signal }) => signal === 'provenance')?.fact ?? '',
      /path that web\/open acts on/,
    )
  })
})

describe('what could not be kept', () => {
  const cut = (session: number): readonly Call[] => [
    { ...search(session), resultOverflow: true },
    open(7 * session),
  ]

  test('counts as little as it is usual that nobody can tell', () => {
    const { verdict, evidence } = judged(taught(cut), cut(5))
    assert.equal(verdict, 'forward')
    assert.ok(evidence <= 0.5, `${evidence} nats`)
  })

  test('raises the score where the tool acts on what is known', () => {
    const steady = taught(() => [search(1), open(1)])
    const { contributions } = judged(steady, [{ ...search(1), resultOverflow: true }, open(2)])
    assert.match(
      contributions.find(({ signal }) => signal === 'provenance')?.fact ?? '',
      /too many values to tell/,
    )
  })
})

test('that nothing came out of a result excuses no tool that nobody ever called', () => {
  const kernel = taught(session => [search(session), open(session)])
  const wipe: Call = { tool: 'disk/wipe', sensitivity: 2, readOnly: false, mode: 'gate' }
  const bare = judged(kernel, [search(1), wipe])
  const aimed = judged(kernel, [search(1), { ...wipe, entities: [target(77)] }])
  assert.ok(bare.evidence > 0.5)
  assert.ok(aimed.evidence >= bare.evidence)
})

test('going on where sessions end is less likely than where nobody knows how they go on', () => {
  const builder = new BaselineBuilder()
  const tools = [
    ['files/list', 'files/delete'],
    ['files/share', 'files/list'],
  ]
  for (let session = 0; session < 60; session += 1)
    builder.learn(
      sessionLog(
        { session: `${session}` },
        tools[session % 2]!.map(tool => ({ tool })),
      ),
    )
  const profile = builder.baselines().agents['agent']!
  const nobody = new ProfileView(emptyProfile)
  const shareFor = (learned: Profile): number => {
    const [list, remove, share] = ['files/list', 'files/delete', 'files/share'].map(nameKey)
    const baseline = { agent: new ProfileView(learned), role: nobody, all: nobody }
    return probability(baseline, list!, remove!, share!)
  }
  assert.ok(shareFor(profile) < shareFor({ ...profile, ends: emptyProfile.ends }) / 5)
})

test('no result, and no haste, has a session suspended by itself', () => {
  const strict = newKernel({ thresholds: { verify: 1, readOnly: 2, suspend: 6.5 } })
  const burst = Array.from({ length: 300 }, (): Call => ({ tool: 'fs/read', afterMs: 1 }))
  const fast = outcome(strict, burst)
  assert.ok(fast.evidence > 6.5)
  assert.equal(fast.standing, 'read_only')
})
