import type { RenewalRequest } from './exchange-request.ts'
import type { HeldSession } from './held-session.ts'
import { judgeActor } from './judge-actor.ts'
import { judgeRenewal } from './judge-renewal.ts'
import { proveRequest } from './prove-request.ts'
import { type Answer, granted, refused } from './refusal.ts'
import type { SessionEndings } from './session-endings.ts'
import { issueToken, type IssuedToken, tokenEnd } from './session-tokens.ts'
import type { SessionsPorts } from './sessions-ports.ts'

export interface RenewedSession {
  readonly session: HeldSession
  readonly issued: IssuedToken
}

export type Renew = (request: RenewalRequest) => Promise<Answer<RenewedSession>>

/** A new token for a session, where all that it was granted by still holds. */
export const createRenew =
  (ports: SessionsPorts, endings: SessionEndings): Renew =>
  async request => {
    const { clock, decisions, issuer, secrets, store, tokenUrl: url } = ports
    const bundle = ports.bundles.current()
    if (bundle === undefined) return refused('BUNDLE_MISSING', 'bundle: expected a valid one, got none')
    const now = clock.now()
    const proven = proveRequest(request.proof.holder, { url, now }, secrets)
    if (!proven.ok) return proven
    const { holder, used } = proven.value
    const actor =
      request.actorToken === undefined
        ? granted(undefined)
        : judgeActor(request.actorToken, bundle.identity, { issuer, holder, now })
    if (!actor.ok) return actor
    const stored = await store.findByRefreshToken(secrets.digest(request.refreshToken))
    const sessionId = stored?.session.sessionId
    const ancestors = stored?.session.ancestors ?? []
    const judged = judgeRenewal({
      stored,
      standing: sessionId && decisions.standing(sessionId),
      ancestorStandings: ancestors.map(ancestor => decisions.standing(ancestor)),
      ending: sessionId !== undefined && endings.isEnding(sessionId),
      holder,
      agent: actor.value,
      server: request.server,
      bundle,
      revocations: ports.revocations.active(),
      decisionsStaleMs: decisions.staleness,
      now,
    })
    if (!judged.ok) return judged
    const { session, statusIndex } = judged.value
    if (!(await ports.humans.isSignedIn(session))) return loggedOut
    const renewed = await store.renew({
      sessionId: session.sessionId,
      tokensUntil: tokenEnd(session, now),
      proofs: [used],
    })
    if (renewed === 'PROOF_REPLAYED') return replayed
    if (renewed === 'SESSION_ENDED') return ended
    const facts = { session, statusIndex, server: request.server, now, issuerUrl: issuer }
    const issued = await issueToken(ports.signer.issuer(), facts)
    return issued.ok ? granted({ session, issued: issued.value }) : issued
  }

const replayed = refused('PROOF_REPLAYED', 'DPoP: expected a proof that was not shown before, got one again')
const ended = refused('SESSION_ENDED', 'session: expected an open one, got one that has ended')
const loggedOut = refused('HUMAN_LOGGED_OUT', 'session: expected its human to be signed in still, got nobody')
