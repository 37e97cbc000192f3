import type { Telemetry } from '@cordon/telemetry'

import type { PushOutcome } from '../adapters/humans/security-event-receiver.ts'
import type { IdTokenFault } from '../core/humans/judge-id-token.ts'
import type { AttemptKind } from '../ports/humans.ts'

/** Why a request to a page was turned away before anybody looked at what it asks for. */
export type PageFault =
  | 'HOST_WRONG'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'ORIGIN_FOREIGN'
  | 'CSRF_TOKEN_WRONG'
  | 'FORM_INVALID'
  | 'RESPONSE_MODE_REFUSED'
  | 'TOO_MANY_REQUESTS'
  | 'TOO_MANY_DEVICES'

/** One function per fact about humans. */
export interface HumanEvents {
  signedIn(): void
  signInRefused(): void
  /** Somebody has to wait before the next try. */
  attemptRefused(kind: AttemptKind): void
  signInBusy(): void
  accessAllowed(): void
  accessDenied(): void
  deviceCodeWrong(): void
  /** One that nobody had allowed yet, for another device. */
  deviceCodeDropped(): void
  loggedOut(): void
  pageRejected(fault: PageFault): void
  providerFailed(error: unknown): void
  humansFileFaulty(error: unknown): void
  keysChanged(keyId: string): void
  idTokenRefused(fault: IdTokenFault): void
  securityEvent(outcome: PushOutcome): void
}

const attemptKinds: readonly AttemptKind[] = [
  'account',
  'network',
  'site',
  'user-code',
  'user-code-site',
  'user-code-anywhere',
]

const pageFaults: readonly PageFault[] = [
  'HOST_WRONG',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'ORIGIN_FOREIGN',
  'CSRF_TOKEN_WRONG',
  'FORM_INVALID',
  'RESPONSE_MODE_REFUSED',
  'TOO_MANY_REQUESTS',
  'TOO_MANY_DEVICES',
]

const idTokenFaults: readonly IdTokenFault[] = [
  'ID_TOKEN_MALFORMED',
  'ID_TOKEN_ISSUER_UNKNOWN',
  'ID_TOKEN_KEYS_UNAVAILABLE',
  'ID_TOKEN_FORGED',
  'ID_TOKEN_TYPE_WRONG',
  'ID_TOKEN_AUDIENCE_WRONG',
  'ID_TOKEN_EXPIRED',
  'ID_TOKEN_ROLE_MISSING',
]

const pushOutcomes: readonly PushOutcome[] = [
  'ended',
  'repeated',
  'unused',
  'unavailable',
  'invalid_request',
  'invalid_key',
  'invalid_issuer',
  'invalid_audience',
  'access_denied',
]

type SignInOutcome = 'signed_in' | 'refused' | 'busy'
const signInOutcomes: readonly SignInOutcome[] = ['signed_in', 'refused', 'busy']

export const createHumanEvents = (telemetry: Telemetry): HumanEvents => {
  const { log } = telemetry
  const signIns = telemetry.counter({
    name: 'human_sign_ins_total',
    help: 'Log-ins at the embedded provider.',
    labels: { outcome: signInOutcomes },
  })
  const waits = telemetry.counter({
    name: 'human_attempts_refused_total',
    help: 'Tries that came while somebody had to wait.',
    labels: { kind: attemptKinds },
  })
  const consents = telemetry.counter({
    name: 'human_consents_total',
    help: 'Answers to a program that asked to act for a human.',
    labels: { answer: ['allowed', 'denied'] },
  })
  const wrongCodes = telemetry.counter({
    name: 'device_codes_wrong_total',
    help: 'User codes that nobody was given.',
  })
  const droppedCodes = telemetry.counter({
    name: 'device_codes_dropped_total',
    help: 'Device codes that nobody had allowed yet, and that went because too many waited.',
  })
  const logOuts = telemetry.counter({
    name: 'human_log_outs_total',
    help: 'Log-outs at the embedded provider.',
  })
  const pages = telemetry.counter({
    name: 'human_pages_rejected_total',
    help: 'Requests to the embedded provider that were turned away.',
    labels: { fault: pageFaults },
  })
  const failures = telemetry.counter({
    name: 'human_provider_failed_total',
    help: 'Requests that met a fault here.',
  })
  const fileFaults = telemetry.counter({
    name: 'humans_file_faulty_total',
    help: 'Reads of a humans file that could not be read: nobody signs in.',
  })
  const idTokens = telemetry.counter({
    name: 'id_tokens_refused_total',
    help: 'ID tokens that do not count.',
    labels: { fault: idTokenFaults },
  })
  const pushes = telemetry.counter({
    name: 'security_events_total',
    help: 'Security events that providers pushed.',
    labels: { outcome: pushOutcomes },
  })

  return {
    signedIn: () => signIns.add(1, { outcome: 'signed_in' }),
    signInRefused: () => {
      signIns.add(1, { outcome: 'refused' })
      log.info({}, 'sign-in refused')
    },
    signInBusy: () => signIns.add(1, { outcome: 'busy' }),
    attemptRefused: kind => {
      waits.add(1, { kind })
      log.warn({ kind }, 'try refused: too many before it')
    },
    accessAllowed: () => consents.add(1, { answer: 'allowed' }),
    accessDenied: () => consents.add(1, { answer: 'denied' }),
    deviceCodeWrong: () => wrongCodes.add(1),
    deviceCodeDropped: () => {
      droppedCodes.add(1)
      log.warn({}, 'device code dropped: too many devices wait')
    },
    loggedOut: () => logOuts.add(1),
    pageRejected: fault => {
      pages.add(1, { fault })
      log.info({ fault }, 'page rejected')
    },
    providerFailed: error => {
      failures.add(1)
      log.error({ error }, 'embedded provider failed')
    },
    humansFileFaulty: error => {
      fileFaults.add(1)
      log.error({ error }, 'humans file cannot be read: nobody signs in')
    },
    keysChanged: keyId => log.info({ keyId }, 'embedded provider signs with another key'),
    idTokenRefused: fault => {
      idTokens.add(1, { fault })
      log.info({ fault }, 'ID token refused')
    },
    securityEvent: outcome => {
      pushes.add(1, { outcome })
      log.info({ outcome }, 'security event')
    },
  }
}
