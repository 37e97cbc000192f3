import type { SessionDecisions } from '../ports.ts'
import { choosePartition } from './choose-partition.ts'

/** Where new sessions go. */
export interface Placement {
  /** Takes a place on a partition; it counts until it is released. @returns `undefined` where there is no partition */
  take(staleAfterMs: number): number | undefined
  /** The session shows among the decisions, or never will. */
  release(partition: number): void
}

export const createPlacement = (decisions: SessionDecisions): Placement => {
  /** Sessions that are being opened: the decisions do not count them yet. */
  const underway = new Map<number, number>()
  let turn = 0

  const add = (partition: number, by: 1 | -1): void => {
    underway.set(partition, (underway.get(partition) ?? 0) + by)
  }

  return {
    take: staleAfterMs => {
      turn += 1
      const states = [...decisions.load()].map(([partition, open]) => ({
        partition,
        load: open + (underway.get(partition) ?? 0),
        alive: decisions.silence(partition) <= staleAfterMs,
      }))
      const partition = choosePartition(states, turn)
      if (partition !== undefined) add(partition, 1)
      return partition
    },
    release: partition => add(partition, -1),
  }
}
