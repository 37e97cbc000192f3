/** What is known of a partition when a session is to be placed. */
export interface PartitionState {
  readonly partition: number
  /** Sessions that have not ended. */
  readonly load: number
  /** Whether its scorer was heard lately. */
  readonly alive: boolean
}

/**
 * The least loaded partition among those whose scorer is alive, or among all where none is.
 * @param turn counts sessions: partitions of equal load take turns, so that sessions opened at once do not share one
 */
export const choosePartition = (states: readonly PartitionState[], turn: number): number | undefined => {
  const alive = states.filter(state => state.alive)
  const candidates = alive.length > 0 ? alive : states
  const least = Math.min(...candidates.map(state => state.load))
  const lightest = candidates.filter(state => state.load === least)
  return lightest[turn % lightest.length]?.partition
}
