import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { partitionOfSession } from '@cordon/foundation'

import { eagerCompaction } from '../support/eager-compaction.ts'
import { eventually } from '../support/eventually.ts'
import { decisionOf } from '../support/test-signer.ts'
import { openEngineWorld } from './engine-world.ts'

const compactionLimitMs = 60_000

/**
 * @fault somebody writes an older decision into `session-decisions` again, compaction removes the newer one, and an engine starts
 * @behaviour every engine that ran meanwhile put the replay on record (`StandingReplayed`), and the scorer wrote the standing in force behind it: the new engine finds that
 * @counter cordon_engine_decisions_refused_total{cause="replayed"}
 */
test('a replayed standing frees nobody at an engine that starts when compaction is done', async () => {
  const world = await openEngineWorld({ after }, { overrides: eagerCompaction })
  const publisher = await world.stream.openPublisher()
  after(() => publisher.close())
  const sessionId = await world.openSession()
  const token = await world.tokenOf(sessionId)
  const refusal = async () =>
    (await world.client.authorize({ token, server: 'files', tool: 'read_file', arguments: { path: '/a' } }))
      .refusal?.reason
  await world.scorer.decide(sessionId, 'suspended', 9)
  await eventually('the suspension', async () => (await refusal()) === 'SESSION_SUSPENDED')

  const value = world.codec.encode(
    'session-decisions',
    'SessionDecision',
    decisionOf({ sessionId, version: 0, standing: 'trusted' }),
  )
  const partition = partitionOfSession(sessionId)
  await publisher.publish([{ topic: 'session-decisions', partition, key: sessionId, value }])
  await eventually('the replay to be counted', async () => {
    return (await world.counted('cordon_engine_decisions_refused_total{cause="replayed"}')) === 1
  })

  /** What stands in the topic of the session: standing and version. */
  const decisions = async (): Promise<readonly string[]> => {
    const found: string[] = []
    const table = await world.stream.openTable({
      topic: 'session-decisions',
      maxWaitMs: 100,
      onRecord({ key, value: bytes }) {
        const record = bytes !== null && key?.toString() === sessionId ? world.codec.decode(bytes) : undefined
        if (record?.name === 'SessionDecision') found.push(`${record.value.standing} ${record.value.version}`)
      },
    })
    await table.caughtUp
    await table.close()
    return found
  }
  // Compaction may come before the answer; then the replay stands alone for a second.
  await eventually(
    'the standing in force to be the only one left',
    async () => {
      await sleep(200)
      const left = await decisions()
      return left.length === 1 && left[0] === 'suspended 10'
    },
    compactionLimitMs,
  )
  const reported = world.scorer.events.flatMap(event =>
    event.name === 'StandingReplayed' ? [event.value] : [],
  )
  assert.deepEqual(
    reported.map(({ sessionId: about, standingVersion }) => [about, standingVersion]),
    [[sessionId, 0]],
  )

  await world.engine.stop('SIGTERM')
  await world.restartEngine()
  assert.equal(await refusal(), 'SESSION_SUSPENDED')
})
