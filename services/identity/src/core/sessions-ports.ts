import type { Clock } from '@cordon/foundation'
import type { BundleSource } from '@cordon/policy'
import type { EntityKind } from '@cordon/schemas'

import type {
  HumanTokens,
  Revocations,
  Secrets,
  SessionDecisions,
  SessionLog,
  SessionSigner,
} from '../ports.ts'
import type { SessionStore } from '../ports/session-store.ts'

/** All that sessions are made with. */
export interface SessionsPorts {
  readonly clock: Clock
  readonly bundles: BundleSource
  readonly log: SessionLog
  readonly decisions: SessionDecisions
  readonly store: SessionStore
  readonly humans: HumanTokens
  readonly signer: SessionSigner
  readonly revocations: Revocations
  readonly secrets: Secrets
  /** UUIDv7. @param now milliseconds since the Unix epoch */
  readonly newUuid: (now: number) => string
  /** Of an entity, under the deployment's key. */
  readonly fingerprint: (kind: EntityKind, value: string) => number
  /** Of a request, scattered under the deployment's key. */
  readonly requestWording: (request: string) => Buffer
  /** `iss`: who answers for the tokens. */
  readonly issuer: string
  /** Where exchanges are sent to, as proofs name it. */
  readonly tokenUrl: string
  /** Where ends are sent to, as proofs name it. */
  readonly revokeUrl: string
  /** Whether no more may be opened, because the ends of too many could not be put on record yet. */
  readonly isFull: () => boolean
}
