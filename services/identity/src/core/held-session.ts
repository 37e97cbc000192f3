import type { AgentId, SessionId } from '@cordon/foundation'
import type { Clearance } from '@cordon/policy'
import type { Entity } from '@cordon/schemas'
import type { Actor, Provenance } from '@cordon/tokens'

import type { SubjectBasis } from './subject-basis.ts'

/** What was granted when a session opened; it never changes. Times are milliseconds since the Unix epoch. */
export interface HeldSession {
  readonly sessionId: SessionId
  readonly human: string
  /** `directHuman` where `agent` is `null`. */
  readonly agentId: AgentId
  readonly platform: string
  readonly role: string
  readonly clearance: Clearance
  /** `server/tool` or `server/*`, of all servers. */
  readonly tools: readonly string[]
  /** RFC 7638 thumbprint of the key that proves everything. */
  readonly holder: string
  /** One for a session and all that its agent started. */
  readonly transactionId: string
  readonly conversationId: string | null
  /** What its human asked for, as far as the platform declared it; absent: it did not. */
  readonly intent?: readonly Entity[]
  /** Words of that, base64: see `SessionOpened.intentWording`. */
  readonly intentWording?: string
  /** What it rests on, for each renewal to judge. */
  readonly basis: SubjectBasis
  /** The sponsor's grant that it rests on, where it does. */
  readonly grantId: string | null
  readonly vouchedBy: Voucher
  /** The human's own session at the provider. */
  readonly humanSession: string | null
  /** When the human proved who they are. */
  readonly authenticatedAt: number
  readonly acr: string
  /** `null`: the human uses tools directly. */
  readonly agent: HeldAgent | null
  /** Sessions whose agents handed work on to this one's, the nearest first. */
  readonly ancestors: readonly SessionId[]
  readonly openedAt: number
  /** When its longest life is over. */
  readonly endsAt: number
}

/** Who says that it is this human. */
export interface Voucher {
  readonly kind: 'provider' | 'sponsor'
  /** As the bundle has it. */
  readonly name: string
}

/** Which agent it is, and what was known of it. */
export interface HeldAgent {
  readonly actor: Actor
  readonly provenance: Provenance
  readonly posture: { readonly codeDigest: string; readonly attester: string }
  readonly deployer: string
}

/** A session as the database has it. */
export interface StoredSession {
  readonly session: HeldSession
  /** Where its status stands, over all lists. */
  readonly statusIndex: number
  readonly ended: boolean
}
