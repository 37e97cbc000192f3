import type { AgentId, SessionId } from '@cordon/foundation'

import type { Actor } from './actor.ts'

/** What a session token says: this agent acts for this human, in this session, at this tool server. */
export interface SessionToken {
  readonly sessionId: SessionId
  /** Who started the work, or the sponsor of an automation. */
  readonly human: string
  /** Who acts; `directHuman` where the human does, without an agent. */
  readonly agentId: AgentId
  /** The orchestrator that launched the agent. */
  readonly platform: string
  /** The human's role that the agent acts in. */
  readonly role: string
  /** The highest sensitivity of a tool that the human may use. */
  readonly clearance: 0 | 1 | 2 | 3
  /** The one tool server that the token is for. */
  readonly server: string
  /** Granted tools of that server, as `server/tool` or `server/*`. */
  readonly tools: ReadonlySet<string>
  /** `jti`: unique per token. */
  readonly tokenId: string
  /** `txn`: the piece of work that the token belongs to. */
  readonly transactionId: string
  /** Milliseconds since the Unix epoch, whole seconds. */
  readonly issuedAt: number
  /** Milliseconds since the Unix epoch, whole seconds. */
  readonly expiresAt: number
  /** When the human proved who they are. Milliseconds since the Unix epoch, whole seconds. */
  readonly authenticatedAt: number
  /** How well they proved it; `0` where nobody says. */
  readonly acr: string
  /** `cnf.jkt`, RFC 7638 thumbprint of the key that every use of the token has to be proved with. */
  readonly holder: string
  /** The agent and who delegated to it; absent where the human uses tools directly. */
  readonly actor?: Actor
  /** What the agent is; present where an actor is. */
  readonly provenance?: Provenance
  /** Which code runs, and who vouches for it; present where an actor is. */
  readonly posture?: { readonly codeDigest: string; readonly attester: string }
  /** Who runs the agent; present where an actor is. */
  readonly deployer?: string
  readonly conversationId?: string
  /** The human's own session at the identity provider. */
  readonly humanSession?: string
  /** Sessions whose agents handed work on, the nearest first: whatever stops one of them stops this one. */
  readonly ancestors?: readonly SessionId[]
  /** The grant of a sponsor that an automation rests on. */
  readonly grantId?: string
  /** Where receivers read whether the session still stands. */
  readonly status: { readonly uri: string; readonly index: number }
}

/** From the registered manifest, never from the agent. */
export interface Provenance {
  readonly manifestHash: string
  readonly toolsDigest: string
  readonly model: string
  readonly version: string
}

/** The longest life of a token; a session that lives longer renews. */
export const maxTokenLifeSeconds: number = 5 * 60

/** Room for a hundred granted tools; bounds the work that a stranger can cause. */
export const maxTokenCharacters: number = 8 * 1024

/** Whether the token grants a tool of its server. */
export const grantsTool = (token: SessionToken, tool: string): boolean =>
  token.tools.has(`${token.server}/${tool}`) || token.tools.has(`${token.server}/*`)
