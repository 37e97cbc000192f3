/** A member of the group and what it owned until now. */
export interface AssignableMember {
  readonly memberId: string
  /** Generation in which it owned them. */
  readonly generation: number
  readonly owned: readonly number[]
}

/**
 * Shares partitions out evenly (counts differ by one at most) and leaves each where it is as far as that allows, so that
 * few owners have to restore. The same for the same members, in whatever order they come.
 */
export const assignPartitions = (
  members: readonly AssignableMember[],
  partitions: readonly number[],
): ReadonlyMap<string, readonly number[]> => {
  const free = new Set(partitions)
  const shares = new Map(keepers(members).map(({ memberId }) => [memberId, [] as number[]]))
  const least = Math.floor(partitions.length / members.length)
  let larger = partitions.length % members.length

  const give = (share: number[], partition: number): void => {
    if (share.length === least) larger -= 1
    share.push(partition)
    free.delete(partition)
  }
  const mayTake = (share: number[]): boolean => share.length < least || (share.length === least && larger > 0)

  for (const { memberId, owned } of keepers(members)) {
    const share = shares.get(memberId)!
    for (const partition of owned) if (free.has(partition) && mayTake(share)) give(share, partition)
  }
  // First to a fair share for everyone, then what is left over.
  for (const isLarger of [false, true]) {
    for (const share of shares.values()) {
      for (const partition of free) {
        if (isLarger ? !mayTake(share) : share.length >= least) break
        give(share, partition)
      }
    }
  }
  return new Map([...shares].map(([memberId, share]) => [memberId, share.sort((a, b) => a - b)]))
}

// The latest owner's word counts first; among equals, who owns most keeps the larger share.
const keepers = (members: readonly AssignableMember[]): AssignableMember[] =>
  [...members].sort(
    (a, b) =>
      b.generation - a.generation || b.owned.length - a.owned.length || (a.memberId < b.memberId ? -1 : 1),
  )
