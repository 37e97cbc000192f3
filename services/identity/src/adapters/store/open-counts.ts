import { directHuman } from '@cordon/tokens'

import type { Queries } from '../../ports/database.ts'
import type { NewSession, NotKept } from '../../ports/session-store.ts'

/** Which of these are more than their human or their agent may have open, counting those before them. */
export const overLimits = async (
  queries: Queries,
  sessions: readonly NewSession[],
): Promise<ReadonlyMap<NewSession, NotKept>> => {
  const held = sessions.map(({ session }) => session)
  const ofHuman = await countOpen(queries, 'human', new Set(held.map(({ human }) => human)))
  const ofAgent = await countOpen(queries, "held ->> 'agentId'", new Set(held.map(({ agentId }) => agentId)))
  // Humans without an agent share no agent.
  ofAgent.delete(directHuman)
  const tooMany = new Map<NewSession, NotKept>()
  for (const each of sessions) {
    const { human, agentId } = each.session
    const humans = (ofHuman.get(human) ?? 0) + 1
    const agents = (ofAgent.get(agentId) ?? 0) + 1
    if (humans > each.limits.sessionsPerHuman) tooMany.set(each, 'TOO_MANY_OF_HUMAN')
    else if (agentId !== directHuman && agents > each.limits.sessionsPerAgent)
      tooMany.set(each, 'TOO_MANY_OF_AGENT')
    else {
      ofHuman.set(human, humans)
      ofAgent.set(agentId, agents)
    }
  }
  return tooMany
}

/** @param expression what an index of `sessions` has */
const countOpen = async (
  { query }: Queries,
  expression: string,
  names: ReadonlySet<string>,
): Promise<Map<string, number>> => {
  const rows = await query<{ name: string; open: number }>(
    `select ${expression} as name, count(*) as open from sessions
     where ended_at is null and ${expression} = any($1::text[]) group by 1`,
    [[...names]],
  )
  return new Map(rows.map(({ name, open }) => [name, open]))
}
