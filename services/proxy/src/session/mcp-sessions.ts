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
}

/** The MCP sessions that have not ended, and the links of agents that open none. */
export interface McpSessions {
  readonly size: number
  /**
   * Where there are too many, the owner's one that lies unused the longest has to go: official clients leave without a
   * word, and one that comes back often would have to wait for its own.
   * @returns whether one more may be added
   */
  makeRoom(owner: SessionId, now: number): boolean
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

export const createMcpSessions = ({ maxSessions, maxSessionsPerOwner }: McpSessionLimits): McpSessions => {
  const connections = new Set<Connection>()
  const sessions = new Map<string, McpSession>()
  const links = new Map<string, Link>()
  const owned = new Map<SessionId, number>()
  const closings = new Set<Promise<void>>()

  const count = (connection: Connection): void => {
    connections.add(connection)
    owned.set(connection.owner, (owned.get(connection.owner) ?? 0) + 1)
  }

  return {
    get size() {
      return connections.size
    },
    makeRoom(owner, now) {
      if (connections.size < maxSessions && (owned.get(owner) ?? 0) < maxSessionsPerOwner) return true
      const [unused] = [...connections]
        .filter(connection => connection.owner === owner && connection.idleMs(now) > 0)
        .sort((one, other) => other.idleMs(now) - one.idleMs(now))
      void unused?.end('displaced')
      return unused !== undefined
    },
    add(session) {
      sessions.set(session.id, session)
      count(session)
    },
    find(id, server) {
      const session = sessions.get(id)
      return session?.server === server ? session : undefined
    },
    addLink(link) {
      links.set(link.id, link)
      count(link)
    },
    findLink: key => links.get(key),
    remove(connection) {
      if (!connections.delete(connection)) return
      sessions.delete(connection.id)
      links.delete(connection.id)
      const left = (owned.get(connection.owner) ?? 1) - 1
      if (left === 0) owned.delete(connection.owner)
      else owned.set(connection.owner, left)
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
