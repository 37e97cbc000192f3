import type { SessionToken } from '@cordon/tokens'

import type { ProvenKind } from './own-messages.ts'

/** What an agent proved, and its server may be told in the words of the other generation of MCP. */
export interface ProvenContents {
  /** @param digest of the content, as its proof says it */
  add(principal: SessionToken, kind: ProvenKind, digest: string): void
  has(principal: SessionToken, kind: ProvenKind, digest: string): boolean
  /** Each goes once. @returns whether it was there */
  take(principal: SessionToken, kind: ProvenKind, digest: string): boolean
}

/** More than are open at once: as many resources as an agent may listen to, and as many questions. */
const maxOfSession = 128
/** Some 15 KB each, where they hold all they may; the oldest go first. */
const maxSessions = 10_000

/** By session and server: what is said to one server lets nothing be said to another. */
export const createProvenContents = (): ProvenContents => {
  const sessions = new Map<string, Set<string>>()
  const keyOf = ({ sessionId, server }: SessionToken): string => `${sessionId} ${server}`
  const held = (principal: SessionToken): Set<string> | undefined => sessions.get(keyOf(principal))

  const begun = (principal: SessionToken): Set<string> => {
    const contents = new Set<string>()
    sessions.set(keyOf(principal), contents)
    forgetOldest(sessions, maxSessions)
    return contents
  }

  return {
    add(principal, kind, digest) {
      const contents = held(principal) ?? begun(principal)
      contents.add(`${kind} ${digest}`)
      forgetOldest(contents, maxOfSession)
    },
    has: (principal, kind, digest) => held(principal)?.has(`${kind} ${digest}`) ?? false,
    take: (principal, kind, digest) => held(principal)?.delete(`${kind} ${digest}`) ?? false,
  }
}

const forgetOldest = (
  kept: Pick<Map<string, unknown>, 'size' | 'delete'> & { keys(): Iterator<string> },
  limit: number,
): void => {
  const oldest = kept.size > limit ? kept.keys().next().value : undefined
  if (oldest !== undefined) kept.delete(oldest)
}
