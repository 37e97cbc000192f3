import type { AgentId, SessionId } from '@cordon/foundation'

/** What a session token says: this agent acts for this human, in this session, at this tool server. */
export interface SessionToken {
  readonly sessionId: SessionId
  /** Who started the work. */
  readonly human: string
  readonly agentId: AgentId
  /** The orchestrator that launched the agent. */
  readonly platform: string
  /** The human's role that the agent acts in. */
  readonly role: string
  /** The one tool server that the token is for. */
  readonly server: string
  /** Granted tools of that server, as `server/tool` or `server/*`. */
  readonly tools: ReadonlySet<string>
  /** `jti`: unique per token. */
  readonly tokenId: string
  /** Milliseconds since the Unix epoch, whole seconds. */
  readonly issuedAt: number
  /** Milliseconds since the Unix epoch, whole seconds. */
  readonly expiresAt: number
}

/** The longest life of a token; a session that lives longer renews. */
export const maxTokenLifeSeconds: number = 5 * 60

/** Room for a hundred granted tools; bounds the work that a stranger can cause. */
export const maxTokenCharacters: number = 8 * 1024

/** Whether the token grants a tool of its server. */
export const grantsTool = (token: SessionToken, tool: string): boolean =>
  token.tools.has(`${token.server}/${tool}`) || token.tools.has(`${token.server}/*`)
