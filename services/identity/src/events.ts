import type { Telemetry } from '@cordon/telemetry'

import type { RefusalCause } from './adapters/decision-table.ts'
import type { RequestFault } from './adapters/http-answer.ts'
import { type EndReason, endReasons } from './core/end-reason.ts'
import type { RefusalCode } from './core/refusal.ts'
import { revocationKinds } from './core/revocation-scope.ts'

/** One function per fact of identity. */
export interface IdentityEvents {
  serving(address: { readonly host: string; readonly port: number; readonly operationsPort: number }): void
  sessionOpened(seconds: number): void
  tokensRenewed(): void
  sessionEnded(reason: EndReason): void
  revocationDecided(kind: string, active: boolean): void
  keyMade(): void
  /** A connection broke while nobody used it; the next query makes another. */
  databaseLost(error: unknown): void
  requestRefused(code: RefusalCode): void
  /** Of the request itself: no secret, no such path, a body that is none. */
  requestRejected(code: RequestFault): void
  requestFailed(error: unknown): void
  appendFailed(error: unknown): void
  recordSkipped(reason: string): void
  decisionRefused(cause: RefusalCause): void
  decisionKeysMissing(): void
  upkeepFailed(error: unknown): void
}

const refusalCodes: readonly RefusalCode[] = [
  'REQUEST_INVALID',
  'PROOF_MISSING',
  'PROOF_INVALID',
  'PROOF_REPLAYED',
  'BUNDLE_MISSING',
  'SUBJECT_REFUSED',
  'HUMAN_LOGGED_OUT',
  'ROLE_UNKNOWN',
  'ACTOR_REFUSED',
  'HOLDER_REFUSED',
  'AGENT_UNKNOWN',
  'PLATFORM_REFUSED',
  'DEPLOYER_UNKNOWN',
  'CODE_UNKNOWN',
  'MANIFEST_CHANGED',
  'DELEGATION_TOO_DEEP',
  'TOOLS_REFUSED',
  'SERVER_REFUSED',
  'REVOKED',
  'TOKEN_TOO_LARGE',
  'LIMIT_REACHED',
  'INTENT_REFUSED',
  'LOG_UNAVAILABLE',
  'PROVIDER_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
  'DECISION_MISSING',
  'DECISIONS_STALE',
  'SESSION_UNKNOWN',
  'SESSION_SUSPENDED',
  'SESSION_ENDED',
]

const requestFaults: readonly RequestFault[] = [
  'SECRET_WRONG',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'MEDIA_TYPE_UNSUPPORTED',
  'BODY_TOO_LARGE',
  'BODY_NOT_JSON',
  'BODY_INVALID',
  'QUERY_INVALID',
  'SCOPE_MALFORMED',
  'SCOPE_UNKNOWN',
  'HOST_WRONG',
  'ENGINE_KEYS_REFUSED',
]

const refusalCauses: readonly RefusalCause[] = ['forged', 'replayed', 'beat_forged']

/** @param openSessions asked on each scrape */
export const createEvents = (telemetry: Telemetry, openSessions: () => number): IdentityEvents => {
  const { log } = telemetry
  const opened = telemetry.histogram({
    name: 'session_opening_seconds',
    help: 'From the request to the first decision.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  })
  const renewed = telemetry.counter({ name: 'sessions_renewed_total', help: 'Renewals of tokens.' })
  const ended = telemetry.counter({
    name: 'sessions_ended_total',
    help: 'Ends put on record.',
    labels: { reason: endReasons },
  })
  const refused = telemetry.counter({
    name: 'requests_refused_total',
    help: 'Requests understood and refused.',
    labels: { code: refusalCodes },
  })
  const rejected = telemetry.counter({
    name: 'requests_rejected_total',
    help: 'Requests not understood.',
    labels: { code: requestFaults },
  })
  const failed = telemetry.counter({ name: 'requests_failed_total', help: 'Requests that met a fault here.' })
  const appends = telemetry.counter({ name: 'appends_failed_total', help: 'Records not acknowledged.' })
  const skipped = telemetry.counter({
    name: 'records_skipped_total',
    help: 'Decisions that could not be decoded, or that did not belong where they stood.',
  })
  const decisionsRefused = telemetry.counter({
    name: 'decisions_refused_total',
    help: 'Decisions and beats that somebody else than the scorer wrote, or wrote again; they changed nothing.',
    labels: { cause: refusalCauses },
  })
  const revocations = telemetry.counter({
    name: 'revocations_decided_total',
    help: 'Scopes that operators revoked, and took back.',
    labels: { kind: revocationKinds, active: ['true', 'false'] },
  })
  const keysMade = telemetry.counter({
    name: 'signing_keys_ordered_total',
    help: 'Signing keys made because an operator asked.',
  })
  const upkeep = telemetry.counter({
    name: 'upkeep_failed_total',
    help: 'Rounds of ending sessions, refreshing keys or purging that met a fault; the next one tries again.',
  })
  telemetry.gauge({ name: 'open_sessions', help: 'Sessions that have not ended.', read: openSessions })

  return {
    serving: address => log.info({ ...address }, 'serving'),
    sessionOpened: seconds => opened.observe(seconds),
    tokensRenewed: () => renewed.add(1),
    sessionEnded: reason => ended.add(1, { reason }),
    revocationDecided: (kind, active) => {
      const known = revocationKinds.find(each => each === kind)
      if (known !== undefined) revocations.add(1, { kind: known, active: active ? 'true' : 'false' })
      log.warn({ kind, active }, 'revocation decided')
    },
    keyMade: () => {
      keysMade.add(1)
      log.info({}, 'signing key made; it takes over when everybody can know it')
    },
    databaseLost: error => log.warn({ error }, 'connection to the database lost'),
    requestRefused: code => {
      refused.add(1, { code })
      log.info({ code }, 'request refused')
    },
    requestRejected: code => {
      rejected.add(1, { code })
      log.info({ code }, 'request rejected')
    },
    requestFailed: error => {
      failed.add(1)
      log.error({ error }, 'request failed')
    },
    appendFailed: error => {
      appends.add(1)
      log.error({ error }, 'record not acknowledged')
    },
    recordSkipped: reason => {
      skipped.add(1)
      log.warn({ reason }, 'decision skipped')
    },
    decisionRefused: cause => {
      decisionsRefused.add(1, { cause })
      log.warn({ cause }, 'decision refused')
    },
    decisionKeysMissing: () =>
      log.error(
        { expected: 'decisionKeys in the bundle', got: 'none' },
        'no decision counts: no session opens',
      ),
    upkeepFailed: error => {
      upkeep.add(1)
      log.error({ error }, 'upkeep failed; it is tried again')
    },
  }
}
