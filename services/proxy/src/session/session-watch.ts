import type { McpSessionEnd } from '../core/session-states.ts'
import type { Engine, Timers } from '../ports.ts'
import type { Connection } from './connection.ts'
import type { McpSessions } from './mcp-sessions.ts'

export interface SessionWatchOptions {
  readonly sessions: McpSessions
  readonly engine: Engine
  readonly timers: Timers
  /** How often each session is looked at. */
  readonly intervalMs: number
  /** How long a session may lie unused; official clients leave without a word. */
  readonly idleTimeoutMs: number
}

/** How long an MCP session may lie unused whose token is not good any more. */
const renewalPatienceMs = 60_000

/**
 * Looks after MCP sessions between requests: what lies unused is ended, and so is what belongs to a session that has
 * ended, or whose token nobody renewed; streams of a session that may not talk to the server any more are closed. An engine that is away changes
 * nothing here: it lets nothing new through either.
 */
export const watchSessions = (options: SessionWatchOptions): { stop(): void } => {
  const { sessions, engine, timers, intervalMs, idleTimeoutMs } = options

  /** @returns why it has to end; nobody waits for that: a child that does not want to must not hold up the look at all others */
  const look = async (session: Connection): Promise<McpSessionEnd | undefined> => {
    if (session.idleMs(timers.now()) > idleTimeoutMs) return 'idle'
    const { refusal } = await engine.vouch({ token: session.token, server: session.server })
    switch (refusal?.reason) {
      // Unknown is one that is over for long.
      case 'SESSION_ENDED':
      case 'SESSION_UNKNOWN':
        return 'refused'
      case 'TOKEN_EXPIRED':
      case 'TOKEN_INVALID':
        session.silence()
        // An agent that lives renews its token and comes back for its streams.
        return session.idleMs(timers.now()) > renewalPatienceMs ? 'idle' : undefined
      case 'SESSION_SUSPENDED':
      case 'REVOKED':
        session.silence()
        return undefined
      default:
        return undefined
    }
  }

  const lookAfter = async (session: Connection): Promise<void> => {
    const why = await look(session)
    if (why !== undefined) void session.end(why)
  }

  let stopped = false
  const round = async (): Promise<void> => {
    await Promise.all(sessions.all().map(lookAfter))
    if (!stopped) timer.refresh()
  }
  const timer = timers.after(intervalMs, () => void round())

  return {
    stop() {
      stopped = true
      timer.cancel()
    },
  }
}
