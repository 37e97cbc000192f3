import type { Refusal } from '@cordon/engine-socket'
import type { SessionId } from '@cordon/foundation'

import { expiryOf, humanOf } from '../core/token-claims.ts'
import type { McpSessionEnd, McpSessionState } from '../core/session-states.ts'
import { nextSessionState, outcomeOfEnd } from '../core/session-states.ts'
import type { AgentReply } from '../ports.ts'
import type { Exchanges } from './exchanges.ts'

/** A way to one tool server that belongs to one session of Cordon, whichever era its agent speaks. */
export interface Connection {
  readonly id: string
  readonly server: string
  readonly owner: SessionId
  /** On whose behalf; all sessions of a human share places. */
  readonly human: string
  readonly exchanges: Exchanges
  readonly state: McpSessionState
  /** The token that is good for longest, of those the one that came last: what the connection is watched with. */
  readonly token: string
  /** Whether the token is known to be one of the owner's. */
  knows(token: string): boolean
  learn(token: string): void
  /** The tool server can be talked to. */
  initialized(): void
  /** A stream of the agent that stays open until one of them ends it. */
  hold(stream: AgentReply): void
  /** Closes the agent's streams; what is open is answered. */
  silence(): void
  /** The tools that its server is at work for, each once. */
  tools(): readonly string[]
  /** It may not go on: what is open is answered with that, and closed; the server is told to stop. */
  cut(refusal: Refusal): void
  /** The same for the calls of one tool. */
  cutTool(refusal: Refusal, tool: string): void
  /** Milliseconds since something was open or came. */
  idleMs(now: number): number
  markUsed(now: number): void
  /** At most once; resolves when nothing of it is left. */
  end(why: McpSessionEnd): Promise<void>
}

/** What goes on at a server though no request is open: tasks, calls that wait for what the agent answers. */
export interface Ongoing {
  /** Those that it is of, each once. */
  tools(): ReadonlySet<string>
  /** Its server is told to stop. @param tool where only what is of one tool may not go on */
  giveUp(tool?: string): void
}

export const nothingOngoing: Ongoing = { tools: () => new Set(), giveUp: () => undefined }

export interface ConnectionParts {
  readonly id: string
  readonly server: string
  readonly owner: SessionId
  readonly token: string
  readonly exchanges: Exchanges
  readonly ongoing: () => Ongoing
  /** Resolves when nothing of it is left. */
  endUpstream(): Promise<void>
  /** @param closed resolves when nothing of it is left */
  onEnd(why: McpSessionEnd, closed: Promise<void>): void
}

/** An agent renews its token every few minutes; what came before is of no use any more. */
const maxKnownTokens = 4

export const createConnection = (parts: ConnectionParts): Connection => {
  const { exchanges, ongoing } = parts
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
    exchanges.failAll({ kind, detail: 'the MCP session ended before it answered' }, outcomeOfEnd(why))
    silence()
    await parts.endUpstream()
  }

  return {
    id: parts.id,
    server: parts.server,
    owner: parts.owner,
    human: humanOf(parts.token) ?? parts.owner,
    exchanges,
    get state() {
      return state
    },
    get token() {
      return tokens.at(-1)!
    },
    knows: token => tokens.includes(token),
    learn(token) {
      if (tokens.at(-1) === token) return
      // Whoever has an old one would choose otherwise what the connection is watched with.
      tokens = [...tokens.filter(known => known !== token), token]
        .toSorted((one, other) => expiryOf(one) - expiryOf(other))
        .slice(-maxKnownTokens)
    },
    initialized() {
      state = nextSessionState(state, 'initialized')
    },
    hold(stream) {
      stream.belongTo(parts.owner)
      streams.add(stream)
      stream.onOver(() => streams.delete(stream))
    },
    silence,
    tools: () => [...new Set([...exchanges.tools(), ...ongoing().tools()])],
    cut(refusal) {
      exchanges.cut(refusal)
      ongoing().giveUp()
      silence()
    },
    cutTool(refusal, tool) {
      exchanges.cut(refusal, tool)
      ongoing().giveUp(tool)
    },
    idleMs: now => (exchanges.size > 0 || streams.size > 0 ? 0 : now - usedAt),
    markUsed(now) {
      usedAt = now
    },
    end(why) {
      const before = state
      state = nextSessionState(state, why)
      if (before !== 'ended' && state === 'ended') {
        closed = close(why)
        parts.onEnd(why, closed)
      }
      return closed ?? Promise.resolve()
    },
  }
}
