import type { EntityKind, ResourceKind } from '@cordon/schemas'

/**
 * What happened, in numbers and names that fit into a session's state; `factText` says it in words.
 * Names are of tools, tables, paths and hosts; never a value of an argument or result.
 */
export interface Fact {
  readonly code: FactCode
  /** Evidence that it brought, nats. */
  readonly nats: number
  /** Number of the call in the session. */
  readonly call: number
  /** Tool of the call. */
  readonly tool: string
  /** Tool that came before, or name of the resource; empty where it may not be shown. */
  readonly name: string
  /** Of the resource or entity. */
  readonly kind: ResourceKind | EntityKind
  /** Meaning depends on the code. */
  readonly count: number
  /** Meaning depends on the code. */
  readonly usual: number
}

/** In the order of the session's encoding: append only. */
export const factCodes = [
  'tool-unknown',
  'tool-unknown-to-agent',
  'tool-unknown-to-role',
  'tool-unknown-to-all',
  'tool-unusual-here',
  'resource-new-to-agent',
  'resource-new-to-role',
  'rate-high',
  'target-from-result',
  'argument-from-result',
  'origin-unknown',
  'call-failed',
  'call-denied',
  'record-undecodable',
  'foreign-target-from-result',
  'argument-new',
  'arguments-new-form',
  'volume-high',
  'earlier-sessions',
  'calls-unreported',
  'proof-replayed',
  'argument-from-text',
  'definition-changed',
  'definition-unpinned',
  'sequence-reused',
] as const

export type FactCode = (typeof factCodes)[number]
