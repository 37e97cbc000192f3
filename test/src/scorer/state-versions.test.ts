import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { createDecisionVerifier } from '@cordon/decisions'
import { makeSessionId } from '@cordon/foundation'
import type { SessionDecision } from '@cordon/schemas'
import type { LogRecord } from '@cordon/stream'

import { eventually } from '../support/eventually.ts'
import { testSigner } from '../support/test-signer.ts'
import { committedUpTo } from './recomputation.ts'
import { openScorerWorld, type ScorerWorld } from './scorer-world.ts'
import { startSessionLoad } from './session-load.ts'

const partitions = 4
const takeOverMs = 30_000
const older = { CORDON_STATE_VERSION: '10' }

const namesOf = (records: readonly LogRecord[], isNamed: (record: LogRecord) => boolean): Set<string> =>
  new Set(records.filter(isNamed).map(({ key }) => String(key)))

/** Every session that was opened has decisions; each is signed, and none goes back in its order. */
const requireDecisions = async (world: ScorerWorld, partition: number): Promise<void> => {
  const { codec } = world
  const verifier = createDecisionVerifier([testSigner.key])
  const last = new Map<string, SessionDecision>()
  for (const { value } of await world.read('session-decisions', partition)) {
    const record = value === null ? undefined : codec.decode(value)
    if (record?.name !== 'SessionDecision') continue
    const { sessionId, version, standingVersion } = record.value
    const held = last.get(sessionId)
    assert.ok(verifier.verifyStanding(record.value), sessionId)
    // A takeover repeats what the owner before it could not confirm.
    if (held !== undefined && version > held.version) assert.ok(standingVersion >= held.standingVersion)
    if (held === undefined || version > held.version) last.set(sessionId, record.value)
  }
  const isOpening = ({ value }: LogRecord): boolean =>
    value !== null && value[0] === 0 && codec.decode(value).name === 'SessionOpened'
  const opened = namesOf(await world.read('session-events', partition), isOpening)
  assert.deepEqual(
    [...opened].filter(sessionId => !last.has(sessionId)),
    [],
  )
}

const stateVersions = async ({ read, codec }: ScorerWorld): Promise<readonly number[]> => {
  const versions = new Set<number>()
  for (let partition = 0; partition < partitions; partition += 1)
    for (const { value } of await read('scorer-state', partition)) {
      const record = value === null ? undefined : codec.decode(value)
      if (record?.name === 'SessionState') versions.add(record.value.encoding)
    }
  return [...versions].sort((a, b) => a - b)
}

/**
 * @fault scorers of two state versions share the partitions while a release is rolled out, and one of them is killed
 * @behaviour each reads what the other wrote: decisions go on, nothing is lost, standings are kept
 * @counter cordon_scorer_failures_total
 */
test('two state versions on one group under load: partitions go to and fro, nothing is lost', async t => {
  const world = await openScorerWorld(t, partitions)
  const first = await world.startScorer(older)
  await eventually('the older to own all', () => first.takenOver.length === partitions, takeOverMs)
  const stopLoad = await startSessionLoad(world.client, world.codec, partitions)
  await sleep(1_500)
  const second = await world.startScorer()
  await eventually('the newer to own its share', () => second.takenOver.length === 2, takeOverMs)
  await eventually('states of both', async () => (await stateVersions(world)).join() === '10,11')
  await second.kill()
  await eventually('the older to own all', () => first.takenOver.length === partitions + 2, takeOverMs)
  const third = await world.startScorer()
  await eventually('a newer to own its share', () => third.takenOver.length === 2, takeOverMs)
  await first.stop()
  await eventually('it to own all', () => new Set(third.takenOver).size === partitions, takeOverMs)
  await stopLoad()

  for (const [partition, end] of await world.client.admin.endOffsets('session-events'))
    await eventually(
      `partition ${partition} to be scored up to ${end}`,
      async () => BigInt(await committedUpTo(world, partition)) >= end,
      takeOverMs,
    )
  assert.match(await third.ask('/metrics'), /^cordon_scorer_failures_total 0$/m)
  for (let partition = 0; partition < partitions; partition += 1) await requireDecisions(world, partition)
})

/**
 * @fault a scorer takes over a partition whose states a later release wrote
 * @behaviour it refuses the partition (`expected encoding 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, got 12`), shows no beat and leaves the states as they are
 * @counter cordon_scorer_failures_total
 */
test('rejects a partition of a later version, and destroys nothing', async t => {
  const world = await openScorerWorld(t, 1)
  const sessionId = makeSessionId(0, randomUUID())
  const value = world.codec.encode('scorer-state', 'SessionState', {
    human: 'ada',
    encoding: 7,
    state: Buffer.from([12, 1, 2, 3]),
    draft: Buffer.alloc(0),
    standingVersion: -1,
    keyId: '',
    signature: Buffer.alloc(0),
  })
  const publisher = await world.client.openPublisher()
  await publisher.publish([{ topic: 'scorer-state', partition: 0, key: sessionId, value }])
  await publisher.close()

  const scorer = await world.startScorer()
  await eventually(
    'the refusal',
    () =>
      scorer.complaints.some(line =>
        line.includes('expected encoding 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, got 12'),
      ),
    takeOverMs,
  )
  assert.match(await scorer.ask('/metrics'), /^cordon_scorer_failures_total [1-9]/m)
  assert.match(await scorer.ask('/readyz'), /partition 0 is/)
  const kept = (await world.read('scorer-state', 0)).filter(({ key }) => String(key) === sessionId)
  assert.deepEqual(
    kept.map(record => record.value),
    [value],
  )
  const beats = namesOf(await world.read('session-decisions', 0), ({ key }) => String(key) === '\0beat')
  assert.equal(beats.size, 0)
})
