import { isSessionId } from '@cordon/foundation'
import type { SessionDecision } from '@cordon/schemas'
import type { DecodingQueueOptions } from '@cordon/serde'
import { createDecodingQueue } from '@cordon/serde'
import type { DecodedRecord, RecordCodec, StreamClient } from '@cordon/stream'
import { PoisonRecord } from '@cordon/stream'

import type { DecisionTable, Moment, RefusalCause, TableChange, TableRecord } from '../core/decision-table.ts'
import type { ReplayedStandings } from '../core/replayed-standings.ts'
import type { SessionDecisions } from '../ports.ts'
import { createDecisionArrivals } from './decision-arrivals.ts'

/** Only bounds idle polling, and the beats come once a second anyway. */
const maxWaitMs = 1_000

export interface SessionDecisionsOptions {
  readonly client: Pick<StreamClient, 'admin' | 'openTable'>
  readonly codec: RecordCodec
  /** Filled and kept up here. */
  readonly table: DecisionTable
  /** Told of what stands last of each session. */
  readonly replays: Pick<ReplayedStandings, 'replayed' | 'restated'>
  /** Real time by default, also where recorded sessions are played: staleness is about this process and the scorer. */
  readonly moment?: () => Moment
  /** A decision took effect. @param isLive false while the table is still being read for the first time */
  readonly onDecision: (decision: SessionDecision, receivedAt: number, isLive: boolean) => void
  /** Somebody else than the scorer wrote it, or wrote it again; it changed nothing. @param decision `undefined`: it was a beat */
  readonly onRefused: (cause: RefusalCause, decision: SessionDecision | undefined, isLive: boolean) => void
  /** A record cannot be read, or does not belong where it stands. */
  readonly onFault: DecodingQueueOptions['onFault']
}

/** The whole of `session-decisions`, kept up. */
export interface KafkaSessionDecisions extends SessionDecisions {
  readonly isCaughtUp: boolean
  readonly caughtUp: Promise<void>
  /** Sessions held. */
  readonly size: number
  /** Of all partitions, the largest; milliseconds. */
  readonly maxStaleness: number
  /** Rejects when the table cannot be kept up any more. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

const thisMoment = (): Moment => ({ wall: Date.now(), steady: performance.now() })

const tableRecordOf = (decoded: DecodedRecord | null | undefined): TableRecord | undefined => {
  if (decoded === null) return { type: 'tombstone' }
  if (decoded === undefined) return { type: 'unreadable' }
  if (decoded.name === 'SessionDecision') return { type: 'decision', decision: decoded.value }
  if (decoded.name === 'Beat') return { type: 'beat', beat: decoded.value }
  // Claims are the stream's own.
  return undefined
}

const isRefusal = (change: string): change is RefusalCause =>
  change === 'forged' || change === 'replayed' || change === 'beat_forged'

const misplaced = (partition: number): PoisonRecord =>
  new PoisonRecord(`partition ${partition}: expected a record of this partition and key, got one of others`)

export const openKafkaSessionDecisions = async ({
  client,
  codec,
  table,
  replays,
  moment = thisMoment,
  onDecision,
  onRefused,
  onFault,
}: SessionDecisionsOptions): Promise<KafkaSessionDecisions> => {
  const arrivals = createDecisionArrivals()
  let isCaughtUp = false

  const note = (key: string, record: TableRecord, change: TableChange): void => {
    if (!isSessionId(key) || (record.type !== 'decision' && record.type !== 'tombstone')) return
    if (change === 'replayed' && record.type === 'decision')
      replays.replayed(key, record.decision.standingVersion)
    else if (change !== 'forged' && change !== 'misplaced') replays.restated(key)
  }

  const queue = createDecodingQueue({
    codec,
    onFault,
    onRecord(logRecord, decoded) {
      const { partition } = logRecord
      const key = logRecord.key?.toString('utf8') ?? ''
      const record = tableRecordOf(decoded)
      if (record === undefined) return
      const now = moment()
      const change = table.apply(partition, key, record, now)
      if (change === 'decided' && record.type === 'decision') {
        arrivals.arrived(key, { decision: record.decision, receivedAt: now.wall })
        onDecision(record.decision, now.wall, isCaughtUp)
      }
      note(key, record, change)
      if (isRefusal(change))
        onRefused(change, record.type === 'decision' ? record.decision : undefined, isCaughtUp)
      // What cannot be read was a fault before it came here.
      if (change === 'misplaced' && record.type !== 'unreadable') onFault(logRecord, misplaced(partition))
    },
  })

  const partitions = await client.admin.partitionCount('session-decisions')
  const reader = await client.openTable({
    topic: 'session-decisions',
    maxWaitMs,
    onRecord: record => queue.push(record),
  })

  const staleness = (partition: number): number =>
    Math.max(table.beatAge(partition, moment()), reader.staleness(partition))

  const catchUp = async (): Promise<void> => {
    await reader.caughtUp
    isCaughtUp = true
  }

  return {
    find: sessionId => table.find(sessionId),
    arrival: (sessionId, limitMs) => arrivals.wait(sessionId, limitMs),
    staleness: partition => (partition < partitions ? staleness(partition) : Number.POSITIVE_INFINITY),
    get isCaughtUp() {
      return isCaughtUp && !queue.isWaiting
    },
    caughtUp: catchUp(),
    get size() {
      return table.size
    },
    get maxStaleness() {
      return Math.max(...Array.from({ length: partitions }, (_, partition) => staleness(partition)))
    },
    failed: reader.failed,
    async close() {
      queue.close()
      await reader.close()
    },
  }
}
