/** Sessions of one group have at least this share of their traits in common with its first. */
const alike = 0.3

/** What sessions are compared by. */
export interface Traits {
  readonly agentId: string
  /** Keys of tools, of pairs of tools, and of values. */
  readonly keys: ReadonlySet<number>
}

/**
 * Groups sessions that resemble each other: each joins the group whose first session it has most in common with (Jaccard),
 * or begins one.
 * @returns the number of each session's group, from 0
 */
export const groupSessions = (sessions: readonly Traits[]): readonly number[] => {
  const firsts: Traits[] = []
  return sessions.map(session => {
    let nearest = -1
    let most = alike
    for (const [group, first] of firsts.entries()) {
      if (first.agentId !== session.agentId) continue
      const share = shareInCommon(session.keys, first.keys)
      if (share < most) continue
      most = share
      nearest = group
    }
    return nearest < 0 ? firsts.push(session) - 1 : nearest
  })
}

const shareInCommon = (a: ReadonlySet<number>, b: ReadonlySet<number>): number => {
  let common = 0
  for (const key of a) if (b.has(key)) common += 1
  const together = a.size + b.size - common
  return together === 0 ? 1 : common / together
}
