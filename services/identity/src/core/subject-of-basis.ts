import type { IdentityPolicy, Sponsor } from '@cordon/policy'
import { thumbprintOf } from '@cordon/tokens'

import { type Human, humanOf } from './humans/human-of.ts'
import { type Answer, granted, refused } from './refusal.ts'
import type { Subject } from './subject.ts'
import type { GrantBasis, HumanBasis, SubjectBasis } from './subject-basis.ts'

/** Whom a session speaks for, and what they may, by the bundle in force: asked when it opens, and at each renewal. */
export const subjectOfBasis = (basis: SubjectBasis, policy: IdentityPolicy): Answer<Subject> =>
  basis.kind === 'human' ? subjectOfHuman(basis, policy) : subjectOfGrant(basis, policy)

const subjectOfHuman = (basis: HumanBasis, { providers }: IdentityPolicy): Answer<Subject> => {
  const provider = Object.hasOwn(providers, basis.issuer) ? providers[basis.issuer] : undefined
  if (provider?.audiences.includes(basis.client) !== true)
    return refused(
      'SUBJECT_REFUSED',
      `subject: expected a provider of the bundle and one of its audiences, got ${basis.issuer} and ${basis.client}`,
    )
  const outcome = humanOf(basis.claims, provider)
  return outcome.ok
    ? granted(subjectOf(outcome.human, basis))
    : refused('ROLE_UNKNOWN', 'subject: expected claims that the bundle maps to a role, got none')
}

/** What they are entitled to and, where they were asked, consented to. */
const subjectOf = (human: Human, basis: HumanBasis): Subject => ({
  human: human.human,
  role: human.role,
  clearance: human.clearance,
  basis,
  vouchedBy: { kind: 'provider', name: human.issuer },
  humanSession: human.humanSession ?? null,
  authenticatedAt: human.authenticatedAt,
  acr: human.acr,
  client: basis.client,
  bounds: [{ by: `the human ${human.human}`, tools: human.tools }],
  // Whom that agent hands work on to its manifest says.
  ...(human.agent !== undefined && { onlyAgent: { agentId: human.agent, mayDelegate: true } }),
})

const subjectOfGrant = (basis: GrantBasis, { sponsors }: IdentityPolicy): Answer<Subject> => {
  const { sponsor: name } = basis.grant
  const sponsor = Object.hasOwn(sponsors, name) ? sponsors[name] : undefined
  return sponsor !== undefined && thumbprintOf(sponsor.key) === basis.signedBy
    ? granted(subjectOfSponsor(sponsor, basis))
    : refused(
        'SUBJECT_REFUSED',
        `subject: expected a sponsor of the bundle with the key that signed the grant, got ${name}`,
      )
}

/** The sponsor is the human, and the grant bounds what the sponsor may. */
const subjectOfSponsor = (sponsor: Sponsor, basis: GrantBasis): Subject => {
  const { grant } = basis
  return {
    human: sponsor.human,
    role: sponsor.role,
    clearance: sponsor.clearance,
    basis,
    vouchedBy: { kind: 'sponsor', name: grant.sponsor },
    humanSession: null,
    authenticatedAt: grant.issuedAt,
    acr: '0',
    onlyAgent: { agentId: grant.agentId, mayDelegate: grant.mayDelegate === true },
    grantId: grant.grantId,
    until: grant.expiresAt,
    bounds: [
      { by: `the sponsor ${grant.sponsor}`, tools: sponsor.tools },
      { by: `the grant of ${grant.sponsor}`, tools: grant.tools },
    ],
  }
}
