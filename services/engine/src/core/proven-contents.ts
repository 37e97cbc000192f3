import type { SessionToken } from '@cordon/tokens'

import type { ProvenKind } from './own-messages.ts'

/** What an agent proved, and its server may be told in the words of the other generation of MCP. */
export interface ProvenContents {
  /** How much was proved so far, of any session: counted, since clocks go back. */
  readonly proved: number
  /** @param digest of the content, as its proof says it */
  add(principal: SessionToken, kind: ProvenKind, digest: string): void
  has(principal: SessionToken, kind: ProvenKind, digest: string): boolean
  /**
   * Each goes once.
   * @param after what `proved` was: of what was proved until then nothing is taken
   * @returns whether it was there
   */
  take(principal: SessionToken, kind: ProvenKind, digest: string, after?: number): boolean
}

/** More than are open at once: as many resources as an agent may listen to, and as many questions. */
const maxOfSession = 128
/** Some 15 KB each, where they hold all they may; the oldest go first. */
const maxSessions = 10_000

/** By session and server: what is said to one server lets nothing be said to another. */
export const createProvenContents = (): ProvenContents => {
  /** What was said, and as which of all it was proved. */
  const sessions = new Map<string, Map<string, number>>()
  let proved = 0
  const keyOf = ({ sessionId, server }: SessionToken): string => `${sessionId} ${server}`
  const held = (principal: SessionToken): Map<string, number> | undefined => sessions.get(keyOf(principal))

  const begun = (principal: SessionToken): Map<string, number> => {
    const contents = new Map<string, number>()
    sessions.set(keyOf(principal), contents)
    forgetOldest(sessions, maxSessions)
    return contents
  }

  return {
    get proved() {
      return proved
    },
    add(principal, kind, digest) {
      const contents = held(principal) ?? begun(principal)
      const key = `${kind} ${digest}`
      // What is proved anew is among the newest.
      contents.delete(key)
      contents.set(key, (proved += 1))
      forgetOldest(contents, maxOfSession)
    },
    has: (principal, kind, digest) => held(principal)?.has(`${kind} ${digest}`) ?? false,
    take(principal, kind, digest, after = 0) {
      const contents = held(principal)
      const key = `${kind} ${digest}`
      if ((contents?.get(key) ?? 0) <= after) return false
      return contents?.delete(key) ?? false
    },
  }
}

const forgetOldest = (
  kept: Pick<Map<string, unknown>, 'size' | 'delete'> & { keys(): Iterator<string> },
  limit: number,
): void => {
  const oldest = kept.size > limit ? kept.keys().next().value : undefined
  if (oldest !== undefined) kept.delete(oldest)
}
