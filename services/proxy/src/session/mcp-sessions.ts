import type { SessionId } from '@cordon/foundation'

import type { McpSessionEnd } from '../core/session-states.ts'
import type { McpSession } from './mcp-session.ts'

export interface McpSessionLimits {
  /** Of the whole proxy: a stdio server is a process for each. */
  readonly maxSessions: number
  /** Of one session of Cordon: an agent in a loop must not take them all. */
  readonly maxSessionsPerOwner: number
}

/** The MCP sessions that have not ended. */
export interface McpSessions {
  readonly size: number
  hasRoom(owner: SessionId): boolean
  add(session: McpSession): void
  /** Ended ones are not found, and neither are those of another server. */
  find(id: string, server: string): McpSession | undefined
  remove(id: string): void
  all(): readonly McpSession[]
  /** Resolves when nothing of any of them is left. */
  endAll(why: McpSessionEnd): Promise<void>
  /** Something of a session that has ended is still closing. */
  closing(closed: Promise<void>): void
}

export const createMcpSessions = ({ maxSessions, maxSessionsPerOwner }: McpSessionLimits): McpSessions => {
  const sessions = new Map<string, McpSession>()
  const owned = new Map<SessionId, number>()
  const closings = new Set<Promise<void>>()

  return {
    get size() {
      return sessions.size
    },
    hasRoom: owner => sessions.size < maxSessions && (owned.get(owner) ?? 0) < maxSessionsPerOwner,
    add(session) {
      sessions.set(session.id, session)
      owned.set(session.owner, (owned.get(session.owner) ?? 0) + 1)
    },
    find(id, server) {
      const session = sessions.get(id)
      return session?.server === server ? session : undefined
    },
    remove(id) {
      const session = sessions.get(id)
      if (session === undefined) return
      sessions.delete(id)
      const left = (owned.get(session.owner) ?? 1) - 1
      if (left === 0) owned.delete(session.owner)
      else owned.set(session.owner, left)
    },
    all: () => [...sessions.values()],
    async endAll(why) {
      for (const session of sessions.values()) void session.end(why)
      await Promise.all(closings)
    },
    closing(closed) {
      closings.add(closed)
      void closed.finally(() => closings.delete(closed))
    },
  }
}
