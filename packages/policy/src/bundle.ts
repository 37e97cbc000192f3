import type { DecisionKey } from '@cordon/decisions'
import type { Mode, ResourceKind } from '@cordon/schemas'

import type { IdentityPolicy } from './identity-policy.ts'

/** What the humans who run Cordon decided: how each tool is treated, when a session is held, what happens in doubt. */
export interface Bundle {
  /** Only goes up; recorded in every event and decision. */
  readonly version: number
  /** `server/tool` → its entry; `server/*` stands for the server's tools that have none of their own. */
  readonly catalogue: Readonly<Record<string, CatalogueEntry>>
  /** Role of the human → what is known before the first call. */
  readonly roles: Readonly<Record<string, Role>>
  /** Without them thresholds are calibrated on sessions that closed in good standing. */
  readonly thresholds?: Thresholds
  /** What calibrated thresholds are set at. */
  readonly falseAlarms?: FalseAlarms
  readonly failSafe: FailSafe
  readonly rateLimit: RateLimit
  /** Whose decisions count; several while one key replaces another. Without any, every session is denied. */
  readonly decisionKeys: readonly DecisionKey[]
  readonly identity: IdentityPolicy
  /** Signal → factor on its evidence; a signal that is not named keeps the kernel's own. */
  readonly weights?: Readonly<Record<string, number>>
}

/** How one tool is treated. What the tool says of itself does not count. */
export interface CatalogueEntry {
  readonly readOnly: boolean
  /** 0 harmless, 1 low, 2 high, 3 critical. */
  readonly sensitivity: 0 | 1 | 2 | 3
  readonly mode: Mode
  /** Which arguments name what the call acts on. */
  readonly resources: readonly ResourceExtractor[]
  /** The pin: digest of the only definition (`definitionDigest`) that the tool may have; any, where there is none. */
  readonly definition?: string
}

/** Where in the arguments a resource is named, and how to read it. */
export interface ResourceExtractor {
  readonly kind: ResourceKind
  /** Argument name, or a path of names joined by dots; lists on the way stand for each of their items. */
  readonly argument: string
  readonly syntax: ResourceSyntax
}

export type ResourceSyntax = 'plain' | 'sql' | 'url' | 'path' | 'email'

export interface Role {
  /** Log odds of misuse before anything was seen. */
  readonly priorLogit: number
}

/** Evidence, in natural-log units, from which a standing holds; each at least as large as the one before. */
export interface Thresholds {
  readonly verify: number
  readonly readOnly: number
  readonly suspend: number
}

/** Share of sessions in good standing that each level may be held against by mistake; each at most the one before. */
export interface FalseAlarms {
  readonly verify: number
  readonly readOnly: number
  readonly suspend: number
}

/**
 * What one session may do at one engine, lest it floods what all sessions share: a bucket of `burst` calls that fills up
 * again by `callsPerSecond`.
 */
export interface RateLimit {
  readonly callsPerSecond: number
  readonly burst: number
}

/** What an engine does when it cannot know. */
export interface FailSafe {
  /** A partition whose last beat is older counts as stale. */
  readonly staleAfterMs: number
  /** How long a gated call waits for the scorer's verdict. */
  readonly gateTimeoutMs: number
  /** How long a call waits for its attempt to be on record. */
  readonly recordTimeoutMs: number
  readonly whenStale: 'deny-sensitive' | 'deny-all'
  /** What is denied while attempts cannot be put on record: the spool is full, or cannot be written. */
  readonly whenUnrecorded: 'deny-sensitive' | 'deny-all'
}
