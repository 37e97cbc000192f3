import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SessionId } from '@cordon/foundation'
import { createLocalSerde } from '@cordon/serde'
import type { StreamClient, TableOptions } from '@cordon/stream'

import { createDecisionTable } from '../core/decision-table.ts'
import { createReplayedStandings } from '../core/replayed-standings.ts'
import { decisionOf, sessionId, startAt, verifier } from '../session-fixture.ts'
import { openKafkaSessionDecisions } from './kafka-session-decisions.ts'

const codec = createLocalSerde()
const forged = { ...decisionOf('trusted', { version: 10 }), signature: Buffer.alloc(0) }

/** Records come in when the test says so. */
const openDecisions = async () => {
  let options: TableOptions | undefined
  const client: Pick<StreamClient, 'admin' | 'openTable'> = {
    admin: {
      ensureTopics: () => Promise.resolve(),
      requireTopics: () => Promise.resolve(),
      partitionCount: () => Promise.resolve(5),
      endOffsets: () => Promise.resolve(new Map()),
    },
    openTable(given) {
      options = given
      return Promise.resolve({
        caughtUp: Promise.resolve(),
        position: () => 0n,
        staleness: () => 0,
        maxStaleness: 0,
        failed: new Promise(() => undefined),
        close: () => Promise.resolve(),
      })
    },
  }
  const faults: string[] = []
  const arrived: string[] = []
  const refused: string[] = []
  const forgotten: SessionId[] = []
  const replays = createReplayedStandings()
  const decisions = await openKafkaSessionDecisions({
    client,
    codec,
    table: createDecisionTable({ verifier, onForgotten: session => forgotten.push(session) }),
    replays,
    moment: () => ({ wall: startAt, steady: 0 }),
    onDecision: ({ standing, version }) => arrived.push(`${standing} ${version}`),
    onRefused: cause => refused.push(cause),
    onFault: (_record, error) => faults.push(String(error)),
  })
  const arrive = (value: Buffer | null, partition = 3, key: string = sessionId): void =>
    options!.onRecord({
      topic: 'session-decisions',
      partition,
      offset: 1n,
      timestamp: startAt,
      key: Buffer.from(key),
      value,
    })
  const decide = (standing: 'trusted' | 'suspended' | 'ended', version: number): Buffer =>
    codec.encode('session-decisions', 'SessionDecision', decisionOf(standing, { version }))
  return { decisions, arrive, decide, faults, arrived, refused, forgotten, replays }
}

test('rejects an old decision after garbage took the place of a suspension', async () => {
  const { decisions, arrive, decide, arrived } = await openDecisions()
  arrive(decide('suspended', 9))
  arrive(Buffer.from('garbage'))
  arrive(decide('trusted', 1))
  assert.equal(decisions.find(sessionId)?.decision.standing, 'unknown')
  assert.deepEqual(arrived, ['suspended 9'])
})

test('what stands on another partition is counted and changes nothing', async () => {
  const { decisions, arrive, decide, faults } = await openDecisions()
  arrive(decide('trusted', 1))
  arrive(null, 4)
  arrive(Buffer.from('garbage'), 4)
  arrive(decide('suspended', 2), 4)
  assert.equal(decisions.find(sessionId)?.decision.standing, 'trusted')
  assert.equal(faults.length, 3)
  assert.match(faults[0]!, /partition 4: expected a record of this partition/)
})

test('an ended session is forgotten with its tombstone, and a claim is nobody’s business', async () => {
  const { decisions, arrive, decide, faults, forgotten } = await openDecisions()
  const claim = { owner: 'scorer', generation: 1, claimedAt: startAt }
  arrive(codec.encode('session-decisions', 'Claim', claim), 3, '\0claim')
  arrive(decide('ended', 1))
  arrive(null)
  assert.equal(decisions.find(sessionId), undefined)
  assert.deepEqual([faults, forgotten], [[], [sessionId]])
})

test('tells of a decision that was forged or replayed; it changes nothing', async () => {
  const { decisions, arrive, decide, arrived, refused } = await openDecisions()
  arrive(decide('trusted', 1))
  arrive(decide('suspended', 9))
  arrive(codec.encode('session-decisions', 'SessionDecision', forged))
  arrive(decide('trusted', 1))
  assert.deepEqual(refused, ['forged', 'replayed'])
  assert.deepEqual(arrived, ['trusted 1', 'suspended 9'])
  assert.equal(decisions.find(sessionId)?.decision.standing, 'suspended')
})

test('knows where an older standing stands last, until the one in force or none stands behind it', async () => {
  const { arrive, decide, replays } = await openDecisions()
  const due = () => replays.due(0).map(({ sessionId: about, standingVersion }) => [about, standingVersion])
  arrive(decide('trusted', 1))
  arrive(decide('suspended', 9))
  arrive(decide('trusted', 1))
  arrive(decide('suspended', 9))
  assert.deepEqual(due(), [])
  arrive(decide('trusted', 1))
  arrive(codec.encode('session-decisions', 'SessionDecision', forged))
  assert.deepEqual(due(), [[sessionId, 1]])
  arrive(null)
  arrive(decide('trusted', 1))
  arrive(decide('suspended', 9))
  assert.deepEqual(due(), [])
  arrive(decide('ended', 10))
  arrive(null)
  arrive(decide('trusted', 1))
  assert.deepEqual(due(), [[sessionId, 1]])
  arrive(decide('trusted', 1))
  arrive(null)
  assert.deepEqual(due(), [])
})
