import type { SessionId } from '@cordon/foundation'

import type { McpSessionEnd } from '../core/session-states.ts'
import type { Connection } from './connection.ts'
import type { Link } from './link.ts'
import type { McpSession } from './mcp-session.ts'

export interface McpSessionLimits {
  /** Of the whole proxy: a stdio server is a process for each. */
  readonly maxSessions: number
  /** Of one session of Cordon: an agent in a loop must not take them all. */
  readonly maxSessionsPerOwner: number
  /** Of all sessions of a human: opening one of Cordon costs nothing. */
  readonly maxSessionsPerHuman: number
}

/** The MCP sessions that have not ended, and the links of agents that open none. */
export interface McpSessions {
  readonly size: number
  /**
   * Where there are too many, the human's one that lies unused the longest has to go: official clients leave without a
   * word, and one that comes back often would have to wait for its own.
   * @returns whether one more may be added
   */
  makeRoom(owner: SessionId, human: string, now: number): boolean
  add(session: McpSession): void
  /** Ended ones are not found, and neither are those of another server. */
  find(id: string, server: string): McpSession | undefined
  addLink(link: Link): void
  findLink(key: string): Link | undefined
  remove(connection: Connection): void
  all(): readonly Connection[]
  /** Resolves when nothing of any of them is left. */
  endAll(why: McpSessionEnd): Promise<void>
  /** Something of a session that has ended is still closing. */
  closing(closed: Promise<void>): void
}

export const createMcpSessions = (limits: McpSessionLimits): McpSessions => {
  const { maxSessions, maxSessionsPerOwner, maxSessionsPerHuman } = limits
  const connections = new Set<Connection>()
  const sessions = new Map<string, McpSession>()
  const links = new Map<string, Link>()
  const closings = new Set<Promise<void>>()

  return {
    get size() {
      return connections.size
    },
    makeRoom(owner, human, now) {
      const ofHuman = [...connections].filter(connection => connection.human === human)
      const ofOwner = ofHuman.filter(connection => connection.owner === owner)
      const isOwnerFull = ofOwner.length >= maxSessionsPerOwner
      if (connections.size < maxSessions && !isOwnerFull && ofHuman.length < maxSessionsPerHuman) return true
      const [unused] = (isOwnerFull ? ofOwner : ofHuman)
        .filter(connection => connection.idleMs(now) > 0)
        .sort((one, other) => other.idleMs(now) - one.idleMs(now))
      void unused?.end('displaced')
      return unused !== undefined
    },
    add(session) {
      sessions.set(session.id, session)
      connections.add(session)
    },
    find(id, server) {
      const session = sessions.get(id)
      return session?.server === server ? session : undefined
    },
    addLink(link) {
      links.set(link.id, link)
      connections.add(link)
    },
    findLink: key => links.get(key),
    remove(connection) {
      if (!connections.delete(connection)) return
      sessions.delete(connection.id)
      links.delete(connection.id)
    },
    all: () => [...connections],
    async endAll(why) {
      for (const connection of connections) void connection.end(why)
      await Promise.all(closings)
    },
    closing(closed) {
      closings.add(closed)
      void closed.finally(() => closings.delete(closed))
    },
  }
}
