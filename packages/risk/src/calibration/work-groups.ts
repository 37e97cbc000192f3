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
  // By agent and trait: only groups that have something in common are compared.
  const groupsWith = new Map<string, Map<number, number[]>>()
  return sessions.map(session => {
    const byTrait = groupsWith.get(session.agentId) ?? new Map<number, number[]>()
    groupsWith.set(session.agentId, byTrait)
    const nearest = nearestGroup(session, firsts, byTrait)
    if (nearest >= 0) return nearest
    const group = firsts.push(session) - 1
    for (const key of session.keys.size === 0 ? [noTrait] : session.keys) {
      const groups = byTrait.get(key)
      if (groups === undefined) byTrait.set(key, [group])
      else groups.push(group)
    }
    return group
  })
}

/** Stands for the traits of a session that has none: it is like others without any. */
const noTrait = 0.5

const nearestGroup = (
  { keys }: Traits,
  firsts: readonly Traits[],
  byTrait: ReadonlyMap<number, readonly number[]>,
): number => {
  if (keys.size === 0) return byTrait.get(noTrait)?.at(-1) ?? -1
  const common = new Map<number, number>()
  for (const key of keys)
    for (const group of byTrait.get(key) ?? []) common.set(group, (common.get(group) ?? 0) + 1)
  let nearest = -1
  let most = alike
  for (const [group, count] of common) {
    const share = count / (keys.size + firsts[group]!.keys.size - count)
    if (share < most || (share === most && group < nearest)) continue
    most = share
    nearest = group
  }
  return nearest
}
