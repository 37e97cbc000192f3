import type { PublishedEvents } from './published-events.ts'
import type { DecisionKind, SeenDecisions } from './seen-decisions.ts'

/** What a decision was about; every change of standing but the end is of one group. */
export type DecisionGroup = 'opened' | 'ended' | 'standing' | 'band'

/** Milliseconds of one stage each, for every event that a decision followed from. */
export interface JoinedDecisions {
  /** From the time at which the event should have been sent to the table holding the decision. */
  readonly dueToSeen: number[]
  /** The same, apart for each group. */
  readonly dueToSeenOf: Readonly<Record<DecisionGroup, number[]>>
  readonly sentToSeen: number[]
  readonly counts: Partial<Record<DecisionKind, number>>
  /** Decisions that no event of the load caused: time alone did. */
  readonly byTime: number
}

/** An offset stays far below. */
const partitionStride = 2 ** 44

/**
 * Events and the decisions that followed from them, by partition and offset, which both carry.
 * @param measuredFrom events that were due earlier only warmed things up
 */
export const joinDecisions = (
  published: PublishedEvents,
  seen: SeenDecisions,
  measuredFrom: number,
): JoinedDecisions => {
  const events = new Map(
    published.partitions.map((partition, index) => [
      partition * partitionStride + (published.offsets[index] ?? Number.NaN),
      index,
    ]),
  )
  const joined = { dueToSeen: [] as number[], sentToSeen: [] as number[], byTime: 0 }
  const dueToSeenOf: Record<DecisionGroup, number[]> = { opened: [], ended: [], standing: [], band: [] }
  const counts: Partial<Record<DecisionKind, number>> = {}
  for (const [index, seenAt] of seen.seenAt.entries()) {
    const key = (seen.partitions[index] ?? 0) * partitionStride + (seen.versions[index] ?? Number.NaN)
    const event = events.get(key)
    if (event === undefined) {
      if (seenAt >= measuredFrom) joined.byTime += 1
      continue
    }
    const dueAt = published.dueAt[event] ?? Number.NaN
    if (dueAt < measuredFrom) continue
    joined.dueToSeen.push(seenAt - dueAt)
    joined.sentToSeen.push(seenAt - (published.sentAt[event] ?? Number.NaN))
    const kind = seen.kinds[index] ?? 'unknown'
    counts[kind] = (counts[kind] ?? 0) + 1
    dueToSeenOf[groupOf(kind)].push(seenAt - dueAt)
  }
  return { ...joined, dueToSeenOf, counts }
}

const groupOf = (kind: DecisionKind): DecisionGroup =>
  kind === 'opened' || kind === 'ended' || kind === 'band' ? kind : 'standing'
