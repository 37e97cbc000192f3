import type { SessionId } from '@cordon/foundation'

import type { McpSessionEnd } from '../core/session-states.ts'
import type { Engine, Timers } from '../ports.ts'
import type { Connection } from './connection.ts'
import type { McpSessions } from './mcp-sessions.ts'

export interface SessionWatchOptions {
  readonly sessions: McpSessions
  readonly engine: Engine
  readonly timers: Timers
  /** How often each session is looked at, whether or not anybody says that it changed. */
  readonly intervalMs: number
  /** How long a session may lie unused; official clients leave without a word. */
  readonly idleTimeoutMs: number
}

/** How long an MCP session may lie unused whose token is not good any more. */
const renewalPatienceMs = 60_000

export interface SessionWatch {
  /** The engine says that this session may not go on as it did, or any of them: they are looked at now. */
  changed(owner: SessionId | undefined): void
  stop(): void
}

/**
 * Looks after MCP sessions between requests: what lies unused is ended, and so is what belongs to a session that has
 * ended, or whose token nobody renewed; of a session that may not talk to the server any more streams are closed, and requests that are under
 * way are answered with that, as are those of a tool that the kill switch took away. An engine that is away changes nothing here: it lets nothing new through either.
 */
export const watchSessions = (options: SessionWatchOptions): SessionWatch => {
  const { sessions, engine, timers, intervalMs, idleTimeoutMs } = options
  const underway = new Set<Connection>()
  const again = new Set<Connection>()

  /** @returns why it has to end; nobody waits for that: a child that does not want to must not hold up the look at all others */
  const look = async (session: Connection): Promise<McpSessionEnd | undefined> => {
    if (session.idleMs(timers.now()) > idleTimeoutMs) return 'idle'
    const { token, server } = session
    const underWay = session.tools()
    const asked = { token, server, ...(underWay.length > 0 && { underWay }) }
    const { refusal, stopped = [] } = await engine.vouch(asked)
    for (const { tool, refusal: why } of stopped) session.cutTool(why, tool)
    switch (refusal?.reason) {
      // Unknown is one that is over for long.
      case 'SESSION_ENDED':
      case 'SESSION_UNKNOWN':
        session.cut(refusal)
        return 'refused'
      case 'TOKEN_EXPIRED':
      case 'TOKEN_INVALID':
        session.silence()
        // An agent that lives renews its token and comes back for its streams.
        return session.idleMs(timers.now()) > renewalPatienceMs ? 'idle' : undefined
      case 'SESSION_SUSPENDED':
      case 'REVOKED':
        session.cut(refusal)
        return undefined
      default:
        return undefined
    }
  }

  /** One question at a time about each: however often it is said to have changed, one more look sees all of that. */
  const lookOnce = async (session: Connection): Promise<void> => {
    if (underway.has(session)) return void again.add(session)
    underway.add(session)
    try {
      do {
        again.delete(session)
        const why = await look(session)
        if (why !== undefined) void session.end(why)
      } while (again.has(session))
    } finally {
      underway.delete(session)
    }
  }

  let stopped = false
  const round = async (): Promise<void> => {
    await Promise.all(sessions.all().map(lookOnce))
    if (!stopped) timer.refresh()
  }
  const timer = timers.after(intervalMs, () => void round())

  return {
    changed(owner) {
      for (const session of sessions.all())
        if (owner === undefined || session.owner === owner) void lookOnce(session)
    },
    stop() {
      stopped = true
      timer.cancel()
    },
  }
}
