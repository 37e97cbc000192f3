import assert from 'node:assert/strict'
import { test } from 'node:test'

import { humanKey } from '@cordon/risk'
import fc from 'fast-check'

import { openDrivenProfiler, quarantineMs, reviewMs, supportAgent } from '../../fixtures/driven-profiler.ts'
import { isLearning } from './profiler-state.ts'

const moment = 1000
const everyone = 'all'
const role = 'role/agents'

test('a session that closed in good standing teaches its agent, its role and everyone, after its quarantine', async () => {
  const profiler = await openDrivenProfiler()
  await profiler.close({ session: '0.a', tools: ['fs/read', 'db/query'] })
  await profiler.wait(quarantineMs - moment)
  assert.deepEqual(profiler.versions(supportAgent), [])
  await profiler.wait(2 * moment)
  for (const subject of [supportAgent, role, everyone]) {
    assert.deepEqual(
      profiler.newest(subject).profile.tools.map(([tool]) => tool),
      ['fs/read', 'db/query'],
    )
    assert.deepEqual(
      profiler.versions(subject).map(({ version, sessions }) => [version, sessions]),
      [[1, 1]],
    )
  }
})

test('a session that closed under suspicion teaches nothing, and counts for the thresholds once nobody objected', async () => {
  const profiler = await openDrivenProfiler()
  await profiler.close({ session: '0.a', standing: 'verify', peak: 4 })
  await profiler.wait(quarantineMs + moment)
  assert.deepEqual(profiler.versions(everyone), [])
  await profiler.wait(reviewMs)
  const { profile, peaks } = profiler.newest(everyone)
  assert.deepEqual([profile.sessions, profile.tools], [0, []])
  assert.deepEqual(peaks.new, { sessions: 1, highest: [[4, 1]] })
})

test('a suspended session neither teaches nor counts, unless an operator clears it: then it does both', async () => {
  for (const cleared of [false, true]) {
    const profiler = await openDrivenProfiler()
    await profiler.find('0.a', 'suspended', 'ada')
    await profiler.close({ session: '0.a', human: 'ada', standing: 'suspended', peak: 12 })
    await profiler.wait(moment)
    assert.equal(profiler.newest(supportAgent).suspicions[0]?.human, humanKey('ada'))
    if (cleared) await profiler.find('0.a', 'cleared')
    await profiler.wait(quarantineMs + reviewMs)
    const { profile, suspicions } = profiler.newest(supportAgent)
    assert.deepEqual([profile.sessions, suspicions.length], cleared ? [1, 0] : [0, 1])
    assert.equal(profiler.versions(everyone).length, cleared ? 1 : 0)
  }
})

test('misuse that is found during the quarantine never teaches', async () => {
  const profiler = await openDrivenProfiler()
  await profiler.close({ session: '0.a', human: 'ada' })
  await profiler.find('0.a', 'misuse')
  await profiler.wait(2 * quarantineMs)
  assert.equal(profiler.newest(supportAgent).profile.sessions, 0)
  assert.equal(profiler.newest(supportAgent).suspicions[0]?.human, humanKey('ada'))
})

test('misuse that is found later is taken back, from everyone who learned of it, and held against its human', async () => {
  const profiler = await openDrivenProfiler()
  await profiler.close({ session: '0.a', tools: ['fs/read'] })
  await profiler.close({ session: '0.b', human: 'mallory', tools: ['admin/drop'] })
  await profiler.wait(quarantineMs + moment)
  for (const subject of [supportAgent, role, everyone])
    assert.equal(profiler.newest(subject).profile.sessions, 2)
  await profiler.find('0.b', 'misuse')
  await profiler.find('0.b', 'misuse')
  await profiler.wait(moment)
  for (const subject of [supportAgent, role, everyone])
    assert.deepEqual(profiler.newest(subject).profile.tools, [['fs/read', 1, 1]])
  assert.equal(profiler.newest(supportAgent).suspicions[0]?.human, humanKey('mallory'))
})

test('what one human teaches in a day is capped, whoever the agent is', async () => {
  const profiler = await openDrivenProfiler()
  for (let session = 0; session < 9; session += 1)
    await profiler.close({ session: `0.${session}`, human: 'mallory', tools: ['admin/drop'] })
  await profiler.wait(quarantineMs + moment)
  assert.equal(profiler.newest(supportAgent).profile.sessions, 2)
  assert.equal(profiler.newest(everyone).profile.sessions, 2)
})

test('a record that comes twice changes nothing', async () => {
  const profiler = await openDrivenProfiler()
  for (const session of ['0.a', '0.a', '0.b', '0.a']) await profiler.close({ session, standing: 'verify' })
  await profiler.find('0.c', 'suspended', 'ada')
  await profiler.find('0.c', 'suspended', 'ada')
  await profiler.wait(moment)
  const once = await openDrivenProfiler()
  for (const session of ['0.a', '0.b']) await once.close({ session, standing: 'verify' })
  await once.find('0.c', 'suspended', 'ada')
  await once.wait(moment)
  assert.deepEqual(profiler.newest(supportAgent), once.newest(supportAgent))
})

test('lessons that nobody can take back any more are forgotten', async () => {
  const profiler = await openDrivenProfiler()
  await profiler.close({ session: '0.a' })
  await profiler.wait(quarantineMs + moment)
  await profiler.wait(reviewMs)
  const { driver } = profiler
  const state = driver.state(`lesson/${supportAgent}/0.a`)
  assert.equal(state, undefined)
  const learning = driver.state(`learning/${supportAgent}`)
  assert.ok(learning !== undefined && isLearning(learning) && learning.learning.sessions === 1)
})

test('a crash at any point changes nothing of what is learned', async () => {
  const run = async (crashes: readonly number[]): Promise<readonly string[]> => {
    const profiler = await openDrivenProfiler()
    for (let session = 0; session < 5; session += 1) {
      await profiler.close({ session: `0.${session}`, tools: [`fs/${session}`] })
      if (crashes.includes(session)) {
        profiler.driver.crash()
        profiler.driver.start()
        await profiler.driver.settle()
      }
    }
    await profiler.wait(quarantineMs + moment)
    if (crashes.includes(9)) {
      profiler.driver.crash()
      profiler.driver.start()
      await profiler.driver.settle()
    }
    await profiler.find('0.3', 'misuse')
    await profiler.wait(moment)
    return [supportAgent, role, everyone].map(subject => JSON.stringify(profiler.newest(subject)))
  }
  const undisturbed = await run([])
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.constantFrom(0, 1, 2, 3, 4, 9)), async crashes => {
      assert.deepEqual(await run(crashes), undisturbed)
    }),
    { numRuns: 12 },
  )
})
