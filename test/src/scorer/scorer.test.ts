import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { eventually } from '../support/eventually.ts'
import { committedUpTo, requireRecomputable } from './recomputation.ts'
import type { ScorerWorld } from './scorer-world.ts'
import { openScorerWorld } from './scorer-world.ts'
import { startSessionLoad } from './session-load.ts'

const takeOverMs = 30_000
const catchUpMs = 20_000

/** Waits until everything that stands in the log now is committed. */
const caughtUp = async (world: ScorerWorld): Promise<void> => {
  for (const [partition, end] of await world.client.admin.endOffsets('session-events'))
    await eventually(
      `partition ${partition} to be scored up to ${end}`,
      async () => BigInt(await committedUpTo(world, partition)) >= end,
      catchUpMs,
    )
}

test('kill -9 of one of two scorers under load: nothing lost, nothing twice', async t => {
  const partitions = 4
  const world = await openScorerWorld(t, partitions)
  const first = await world.startScorer()
  await eventually('the first to own all', () => first.takenOver.length === partitions, takeOverMs)
  const second = await world.startScorer()
  await eventually('the second to own its share', () => second.takenOver.length === 2, takeOverMs)
  const stopLoad = await startSessionLoad(world.client, world.codec, partitions)
  await sleep(2000)

  await second.kill()
  await eventually('the first to own all again', () => first.takenOver.length === partitions + 2, takeOverMs)
  await stopLoad()
  await caughtUp(world)
  const metrics = await first.ask('/metrics')
  assert.match(metrics, /^cordon_scorer_events_total [1-9]/m)
  assert.match(metrics, /^cordon_scorer_failures_total 0$/m)
  assert.equal(await first.stop(), 0)
  for (let partition = 0; partition < partitions; partition += 1) await requireRecomputable(world, partition)
})

test('a scorer that starts and stops without a fault complains about nothing', async t => {
  const world = await openScorerWorld(t, 2)
  const scorer = await world.startScorer()
  await eventually('both partitions', () => scorer.takenOver.length === 2, takeOverMs)
  await eventually('readiness', async () => (await scorer.ask('/readyz')).includes('"ready":true'))
  assert.equal(await scorer.stop(), 0)
  assert.deepEqual(scorer.complaints, [])
})
