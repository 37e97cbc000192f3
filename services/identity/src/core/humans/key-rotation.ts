/** A key as it is kept, without its secret. */
export interface AgedKey {
  readonly id: string
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
}

export interface KeyPlan {
  /** Those to publish or accept, by id; the first one signs. Empty: there is none yet. */
  readonly inUse: readonly string[]
  /** Nothing that they signed counts any more. */
  readonly expired: readonly string[]
  /** Whether it is time for another one. */
  readonly isNewDue: boolean
}

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs

/** A key that leaks without anybody noticing is of use for this long. */
const keyPeriodMs = 30 * dayMs
/** Published for this long before it signs: everybody who caches keys has it by then, every replica too. */
const keyLeadMs = dayMs
/** Published for this long after it signed last: an ID token lives an hour, a cookie a working day. */
const keyTrailMs = dayMs

/**
 * What to do with keys that follow each other without a gap.
 * @param now milliseconds since the Unix epoch
 */
export const planKeys = (keys: readonly AgedKey[], now: number): KeyPlan => {
  const newestFirst = keys.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))
  const newest = newestFirst[0]
  const oldest = newestFirst.at(-1)
  if (newest === undefined || oldest === undefined) return { inUse: [], expired: [], isNewDue: true }
  const hasLed = ({ createdAt }: AgedKey): boolean => createdAt + keyLeadMs <= now
  // The very first key cannot wait for anybody to have read it.
  const signing = newestFirst.find(hasLed) ?? oldest
  const at = newestFirst.indexOf(signing)
  const successors = newestFirst.slice(0, at)
  const predecessors = newestFirst.slice(at + 1)
  // A predecessor stopped when the key after it, by age, had led.
  const isOver = (index: number): boolean => {
    const successor = newestFirst[at + index]
    return successor !== undefined && successor.createdAt + keyLeadMs + keyTrailMs <= now
  }
  return {
    inUse: [signing, ...successors, ...predecessors.filter((_, index) => !isOver(index))].map(({ id }) => id),
    expired: predecessors.filter((_, index) => isOver(index)).map(({ id }) => id),
    isNewDue: newest.createdAt + keyPeriodMs <= now,
  }
}
