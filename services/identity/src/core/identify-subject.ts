import type { IdentityPolicy } from '@cordon/policy'

import type { HumanTokens, Secrets, SessionDecisions, SessionSigner } from '../ports.ts'
import type { SessionStore, UsedProof } from '../ports/session-store.ts'
import type { ExchangeRequest } from './exchange-request.ts'
import { proveLogIn, proveParent } from './prove-request.ts'
import { type Answer, granted, refused } from './refusal.ts'
import type { Subject } from './subject.ts'
import { subjectOfBasis } from './subject-of-basis.ts'
import { subjectOfGrant } from './subject-of-grant.ts'
import { subjectOfParent } from './subject-of-parent.ts'

export interface IdentifySubjectPorts {
  readonly humans: HumanTokens
  readonly store: SessionStore
  readonly decisions: SessionDecisions
  readonly signer: SessionSigner
  readonly secrets: Secrets
}

export interface IdentifiedSubject {
  readonly subject: Subject
  /** What showing it used up, beside the request's own proof. */
  readonly used: readonly UsedProof[]
}

interface IdentifySubjectFacts {
  readonly policy: IdentityPolicy
  readonly issuer: string
  readonly url: string
  /** Thumbprint of the key that proved the request. */
  readonly holder: string
  readonly now: number
}

/** Who is spoken for, by whichever token says so; and whether they are signed in still, as far as that can be asked. */
export const identifySubject = async (
  ports: IdentifySubjectPorts,
  request: ExchangeRequest,
  facts: IdentifySubjectFacts,
): Promise<Answer<IdentifiedSubject>> => {
  const identified = await identify(ports, request, facts)
  if (!identified.ok || (await ports.humans.isSignedIn(identified.value.subject))) return identified
  return refused(
    'HUMAN_LOGGED_OUT',
    'subject_token: expected its human to be signed in still, got nobody; log in again',
  )
}

const identify = async (
  ports: IdentifySubjectPorts,
  request: ExchangeRequest,
  facts: IdentifySubjectFacts,
): Promise<Answer<IdentifiedSubject>> => {
  const { text } = request.subject
  const { policy, now } = facts
  switch (request.subject.kind) {
    case 'human': {
      const verified = await ports.humans.verify(text, policy.providers)
      if (!verified.ok) return verified
      const { logIn = '' } = request.proof
      const proven = proveLogIn(
        logIn,
        verified.value.claims['nonce'],
        { ...facts, idToken: text },
        ports.secrets,
      )
      if (!proven.ok) return proven
      const subject = subjectOfBasis(verified.value, policy)
      return subject.ok ? granted({ subject: subject.value, used: proven.value }) : subject
    }
    case 'automation':
      return alone(subjectOfGrant(text, policy, facts))
    case 'parent': {
      const { signer, secrets, store, decisions } = ports
      const proven = proveParent(text, request.proof.parent, facts, { secrets, verifier: signer.verifier })
      if (!proven.ok) return proven
      const { sessionId } = proven.value.token
      const parent = await store.find(sessionId)
      const subject = subjectOfParent({ parent, standing: decisions.standing(sessionId), policy, now })
      return subject.ok ? granted({ subject: subject.value, used: [proven.value.used] }) : subject
    }
  }
}

const alone = (subject: Answer<Subject>): Answer<IdentifiedSubject> =>
  subject.ok ? granted({ subject: subject.value, used: [] }) : subject
