import { makeSessionId } from '@cordon/foundation'
import type { Bundle } from '@cordon/policy'
import { directHuman } from '@cordon/tokens'

import type { UsedProof } from '../ports/session-store.ts'
import { createExchangeRates, type ExchangeLimits, tooManySessions } from './exchange-limits.ts'
import type { ExchangeRequest } from './exchange-request.ts'
import type { HeldSession, StoredSession } from './held-session.ts'
import { identifySubject } from './identify-subject.ts'
import { judgeActor } from './judge-actor.ts'
import { judgeExchange, type SessionGrant } from './judge-exchange.ts'
import { createPlacement } from './placement.ts'
import { proveRequest } from './prove-request.ts'
import { type Answer, granted, refused } from './refusal.ts'
import { openingOf, sessionOfGrant } from './session-of-grant.ts'
import type { AnnounceOpening } from './session-opening.ts'
import { issueToken, type IssuedToken, tokenEnd, type TokenFacts } from './session-tokens.ts'
import type { SessionsPorts } from './sessions-ports.ts'

/** A session that has just opened. */
export interface OpenedSession {
  readonly session: HeldSession
  readonly issued: IssuedToken
  /** Who shows it, with the session's key, gets more tokens. */
  readonly refreshToken: string
}

export type Exchange = (request: ExchangeRequest) => Promise<Answer<OpenedSession>>

/** RFC 8693: who is spoken for and who acts become a session, with a token for one of its servers. */
export const createExchange = (
  ports: SessionsPorts,
  announce: AnnounceOpening,
  limits: ExchangeLimits,
): Exchange => {
  const { clock, store } = ports
  const placement = createPlacement(ports.decisions)
  const rates = createExchangeRates(limits)

  const judge = async (
    request: ExchangeRequest,
    bundle: Bundle,
  ): Promise<
    Answer<{ grant: SessionGrant; parent: StoredSession | undefined; proofs: readonly UsedProof[] }>
  > => {
    const { issuer, tokenUrl: url } = ports
    const now = clock.now()
    const proven = proveRequest(request.proof.holder, { url, now }, ports.secrets)
    if (!proven.ok) return proven
    const { holder, used } = proven.value
    const facts = { policy: bundle.identity, issuer, url, holder, now }
    const identified = await identifySubject(ports, request, facts)
    if (!identified.ok) return identified
    const { subject } = identified.value
    const actor =
      request.actorToken === undefined
        ? granted(undefined)
        : judgeActor(request.actorToken, bundle.identity, { issuer, holder, now })
    if (!actor.ok) return actor
    const agentId = actor.value?.attestation.agentId ?? directHuman
    const tooMany = rates.take({ human: subject.human, agentId }, now)
    if (tooMany !== undefined) return tooMany
    const revocations = ports.revocations.active()
    const { fingerprint, requestWording } = ports
    const agent = actor.value
    const grant = judgeExchange({
      bundle,
      subject,
      agent,
      request,
      holder,
      revocations,
      fingerprint,
      requestWording,
    })
    return grant.ok
      ? granted({ grant: grant.value, parent: subject.parent, proofs: [used, ...identified.value.used] })
      : grant
  }

  const issueOrForget = async (facts: TokenFacts): Promise<Answer<IssuedToken>> => {
    let issued: Answer<IssuedToken> | undefined
    try {
      issued = await issueToken(ports.signer.issuer(), facts)
      return issued
    } finally {
      if (issued?.ok !== true) await store.forget(facts.session.sessionId)
    }
  }

  /** Kept and signed first, handed out last: what cannot be issued must not leave an open session behind. */
  const open = async (
    session: HeldSession,
    server: string,
    proofs: readonly UsedProof[],
    bundleVersion: number,
  ): Promise<Answer<OpenedSession>> => {
    const now = session.openedAt
    const refreshToken = ports.secrets.newRefreshToken()
    const kept = await store.add({
      session,
      refreshDigest: ports.secrets.digest(refreshToken),
      tokensUntil: tokenEnd(session, now),
      proofs,
      limits,
    })
    if (kept === 'PROOF_REPLAYED') return replayed
    if (kept === 'HUMAN_LOGGED_OUT') return loggedOut
    if (kept === 'TOO_MANY_OF_HUMAN') return tooManySessions('human', limits)
    if (kept === 'TOO_MANY_OF_AGENT') return tooManySessions('agent', limits)
    const facts = { session, statusIndex: kept, server, now, issuerUrl: ports.issuer }
    const issued = await issueOrForget(facts)
    if (!issued.ok) return issued
    const announced = await announce(session.sessionId, openingOf(session, bundleVersion))
    return announced.ok ? granted({ session, issued: issued.value, refreshToken }) : announced
  }

  return async request => {
    const bundle = ports.bundles.current()
    if (bundle === undefined) return refused('BUNDLE_MISSING', 'bundle: expected a valid one, got none')
    if (ports.isFull()) return full
    const judged = await judge(request, bundle)
    if (!judged.ok) return judged
    const { grant, parent, proofs } = judged.value
    const partition = placement.take(bundle.failSafe.staleAfterMs)
    if (partition === undefined) return refused('LOG_UNAVAILABLE', 'partitions: expected some, got none')
    try {
      const now = clock.now()
      const sessionId = makeSessionId(partition, ports.newUuid(now))
      const { sessionLifeMs } = bundle.identity.limits
      const session = sessionOfGrant(grant, { sessionId, parent, now, sessionLifeMs })
      if (tokenEnd(session, now) <= now) return aboutToEnd
      return await open(session, request.server, proofs, bundle.version)
    } finally {
      placement.release(partition)
    }
  }
}

const replayed = refused('PROOF_REPLAYED', 'DPoP: expected a proof that was not shown before, got one again')
const loggedOut = refused(
  'HUMAN_LOGGED_OUT',
  'subject_token: expected one from after the human logged out, got an earlier one; log in again',
)
const aboutToEnd = refused(
  'SESSION_ENDED',
  'subject_token: expected one with time left, got one about to end',
)
const full = refused(
  'LOG_UNAVAILABLE',
  'session log: expected the ends of failed openings to be acknowledged, got too many that wait; is Kafka up?',
)
