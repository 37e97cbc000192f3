import type { SessionToken } from '@cordon/tokens'

/** What a tool server asked within a call, and the agent answered with a proof, as long as the call did not go on with it. */
export interface SignedAnswers {
  add(principal: SessionToken): void
  /** Each goes once. @returns whether there was one */
  take(principal: SessionToken): boolean
}

/** More than a server asks within all calls of a session that are open. */
const maxOfSession = 64
/** Some 100 bytes each; the oldest go first. */
const maxSessions = 10_000

/** By session and server: an answer to one server lets nothing be said to another. */
export const createSignedAnswers = (): SignedAnswers => {
  const counts = new Map<string, number>()
  const keyOf = ({ sessionId, server }: SessionToken): string => `${sessionId} ${server}`
  return {
    add(principal) {
      const key = keyOf(principal)
      counts.set(key, Math.min((counts.get(key) ?? 0) + 1, maxOfSession))
      const [oldest] = counts.keys()
      if (counts.size > maxSessions && oldest !== undefined) counts.delete(oldest)
    },
    take(principal) {
      const key = keyOf(principal)
      const count = counts.get(key) ?? 0
      if (count > 1) counts.set(key, count - 1)
      else counts.delete(key)
      return count > 0
    },
  }
}
