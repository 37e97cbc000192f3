import type { Bundle } from '@cordon/policy'
import type { Standing } from '@cordon/schemas'

import { serverOf } from './grant-tools.ts'
import type { HeldSession, StoredSession } from './held-session.ts'
import type { AttestedAgent } from './judge-actor.ts'
import { judgeSession } from './judge-session.ts'
import { principalOf } from './principal-of.ts'
import { type Answer, granted, refused } from './refusal.ts'
import type { ActiveRevocations } from './revocation-scope.ts'
import type { Subject } from './subject.ts'
import { subjectOfBasis } from './subject-of-basis.ts'

/** What is known of a session whose holder asks for a token. */
export interface RenewalFacts {
  /** As the database has it; found by its refresh token. */
  readonly stored: StoredSession | undefined
  /** What the scorer last said of it, and of the sessions whose agents handed work on to it. */
  readonly standing: Standing | undefined
  readonly ancestorStandings: readonly (Standing | undefined)[]
  /** Whether its end is on its way. */
  readonly ending: boolean
  /** Thumbprint of the key that proved the request. */
  readonly holder: string
  /** Verified now; `undefined` where none was shown. */
  readonly agent: AttestedAgent | undefined
  readonly server: string
  readonly bundle: Bundle
  readonly revocations: ActiveRevocations
  readonly decisionsStaleMs: number
  readonly now: number
}

/**
 * Whether a session may have a new token. A silent scorer is no reason to refuse: then its last decision stands and the
 * engines fail safe. A silent broker is: the session may be suspended by now.
 */
export const judgeRenewal = (facts: RenewalFacts): Answer<StoredSession> => {
  const { stored } = facts
  if (stored === undefined)
    return refused('SESSION_UNKNOWN', 'refresh_token: expected one of an open session, got another')
  // Before anything is told of the session: a refresh token without its key is worth nothing.
  if (stored.session.holder !== facts.holder)
    return refused('HOLDER_REFUSED', "proof: expected one by the session's key, got one by another")
  if (isOver(stored, facts)) return ended
  const refusal =
    refusalOfStanding(facts) ?? refusalOfAgent(stored.session, facts) ?? judgeAgain(stored, facts)
  return refusal ?? granted(stored)
}

const ended = refused('SESSION_ENDED', 'session: expected an open one, got one that has ended')

const isOver = (stored: StoredSession, { ending, standing, ancestorStandings, now }: RenewalFacts): boolean =>
  stored.ended ||
  ending ||
  stored.session.endsAt <= now ||
  standing === 'ended' ||
  ancestorStandings.includes('ended')

const refusalOfStanding = (facts: RenewalFacts): Answer<never> | undefined => {
  const { standing, ancestorStandings, decisionsStaleMs, bundle } = facts
  if (standing === undefined || standing === 'unknown')
    return refused('SESSION_UNKNOWN', 'session: expected one that was opened and decided on, got another')
  if (standing === 'suspended')
    return refused('SESSION_SUSPENDED', 'session: expected one in good standing, got a suspended one')
  if (ancestorStandings.includes('suspended'))
    return refused('SESSION_SUSPENDED', 'session: expected a parent in good standing, got a suspended one')
  const { staleAfterMs } = bundle.failSafe
  return decisionsStaleMs <= staleAfterMs
    ? undefined
    : refused(
        'DECISIONS_STALE',
        `session decisions: expected some not older than ${staleAfterMs} ms, got none for ${Math.round(decisionsStaleMs)} ms`,
      )
}

const refusalOfAgent = (session: HeldSession, { agent }: RenewalFacts): Answer<never> | undefined => {
  if (session.agent === null)
    return agent === undefined
      ? undefined
      : refused('ACTOR_REFUSED', "actor_token: expected none for a human's own session, got one")
  if (agent === undefined)
    return refused('ACTOR_REFUSED', 'actor_token: expected a fresh attestation, got none')
  if (agent.attestation.agentId !== session.agentId || agent.attestation.platform !== session.platform)
    return refused(
      'ACTOR_REFUSED',
      `actor_token: expected agent ${session.agentId} on ${session.platform}, got ${agent.attestation.agentId} on ${agent.attestation.platform}`,
    )
  if (agent.manifestHash !== session.agent.provenance.manifestHash)
    return refused(
      'MANIFEST_CHANGED',
      `manifest of ${session.agentId}: expected the one that the session opened with, got another; open another session`,
    )
  if (agent.attestation.codeDigest !== session.agent.posture.codeDigest)
    return refused(
      'MANIFEST_CHANGED',
      `code of ${session.agentId}: expected the digest that the session opened with, got another; open another session`,
    )
  return undefined
}

/** As if it were opened now, by the bundle in force, for what it rests on. */
const judgeAgain = ({ session }: StoredSession, facts: RenewalFacts): Answer<never> | undefined => {
  const { server, bundle, revocations, agent } = facts
  const subject = subjectOfBasis(session.basis, bundle.identity)
  if (!subject.ok) return subject
  return (
    refusalOfSubject(session, subject.value) ??
    judgeSession({
      bundle,
      subject: subject.value,
      agent,
      principal: principalOf(session),
      tools: session.tools.filter(tool => serverOf(tool) === server),
      askedBy: 'session',
      server,
      revocations,
    })
  )
}

/** Its log and its tokens say whom it opened for; nobody else goes on with it, and none with less than they say. */
const refusalOfSubject = (session: HeldSession, subject: Subject): Answer<never> | undefined => {
  const { human, role, clearance } = session
  if (subject.human === human && subject.role === role && subject.clearance >= clearance) return undefined
  return refused(
    'SUBJECT_REFUSED',
    `session: expected ${human} as ${role} with clearance ${clearance} still, got ${subject.human} as ${subject.role} with clearance ${subject.clearance}; open another session`,
  )
}
