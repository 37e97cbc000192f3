import type { SessionId } from '@cordon/foundation'

import type { McpSessionEnd, McpSessionState } from '../core/session-states.ts'
import { nextSessionState } from '../core/session-states.ts'
import type { AgentReply } from '../ports.ts'
import type { ForwardedHeaders, Upstream } from '../upstream/upstream.ts'
import type { Exchanges } from './exchanges.ts'
import type { Tasks } from './tasks.ts'

/** One connection of an agent to one tool server, as MCP calls a session. It belongs to one session of Cordon. */
export interface McpSession {
  /** What the agent names it by. */
  readonly id: string
  readonly server: string
  readonly owner: SessionId
  readonly exchanges: Exchanges
  readonly tasks: Tasks
  readonly upstream: Upstream
  readonly state: McpSessionState
  /** The token that came last: what the session is watched with. */
  readonly token: string
  /** Whether the token is known to be one of the owner's. */
  knows(token: string): boolean
  learn(token: string): void
  initialized(): void
  listen(reply: AgentReply, headers: ForwardedHeaders): void
  /** Closes the agent's streams; what is open is answered. */
  silence(): void
  /** Milliseconds since something was open or came. */
  idleMs(now: number): number
  markUsed(now: number): void
  /** At most once; resolves when nothing of it is left. */
  end(why: McpSessionEnd): Promise<void>
}

export interface McpSessionParts {
  readonly id: string
  readonly server: string
  readonly owner: SessionId
  readonly token: string
  readonly exchanges: Exchanges
  readonly tasks: Tasks
  /** @param onGone the server is gone or forgot the session */
  openUpstream(onGone: () => void): Upstream
  /** @param closed resolves when nothing of it is left */
  onEnd(why: McpSessionEnd, closed: Promise<void>): void
}

/** An agent renews its token every few minutes; what came before is of no use any more. */
const maxKnownTokens = 4

export const createMcpSession = (parts: McpSessionParts): McpSession => {
  const { exchanges } = parts
  const streams = new Set<AgentReply>()
  let tokens: readonly string[] = [parts.token]
  let state: McpSessionState = 'starting'
  let usedAt = 0
  let closed: Promise<void> | undefined

  const silence = (): void => {
    for (const stream of streams) stream.end()
  }

  const close = async (why: McpSessionEnd): Promise<void> => {
    const kind = why === 'upstream_gone' ? 'crashed' : 'session_ended'
    exchanges.failAll({ kind, detail: 'the MCP session ended before it answered' }, 'cancelled')
    silence()
    await upstream.end()
  }

  const end = (why: McpSessionEnd): Promise<void> => {
    const before = state
    state = nextSessionState(state, why)
    if (before !== 'ended' && state === 'ended') {
      closed = close(why)
      parts.onEnd(why, closed)
    }
    return closed ?? Promise.resolve()
  }

  const upstream = parts.openUpstream(() => void end('upstream_gone'))

  return {
    id: parts.id,
    server: parts.server,
    owner: parts.owner,
    exchanges,
    tasks: parts.tasks,
    upstream,
    get state() {
      return state
    },
    get token() {
      return tokens.at(-1)!
    },
    knows: token => tokens.includes(token),
    learn(token) {
      tokens = [...tokens.filter(known => known !== token), token].slice(-maxKnownTokens)
    },
    initialized() {
      state = nextSessionState(state, 'initialized')
    },
    listen(reply, headers) {
      streams.add(reply)
      reply.onOver(() => streams.delete(reply))
      upstream.listen(reply, headers)
    },
    silence,
    idleMs: now => (exchanges.size > 0 || streams.size > 0 ? 0 : now - usedAt),
    markUsed(now) {
      usedAt = now
    },
    end,
  }
}
