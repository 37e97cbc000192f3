import { type AutomationGrant, verifyAutomationGrant } from '@cordon/attestation'
import type { IdentityPolicy, Sponsor } from '@cordon/policy'

import { type Answer, granted, refused } from './refusal.ts'
import type { Subject } from './subject.ts'

/** A sponsor's grant: the sponsor is the human, and the grant bounds what the sponsor may. */
export const subjectOfGrant = (
  text: string,
  policy: IdentityPolicy,
  { issuer, now }: { readonly issuer: string; readonly now: number },
): Answer<Subject> => {
  const verified = verifyAutomationGrant(text, { sponsors: policy.sponsors, audience: issuer, now })
  if (!verified.ok)
    return refused(
      'SUBJECT_REFUSED',
      `subject_token: expected a grant that a sponsor of the bundle signed, got ${verified.reason}`,
    )
  const { grant } = verified
  const sponsor = policy.sponsors[grant.sponsor]
  return sponsor === undefined
    ? refused('SUBJECT_REFUSED', 'subject_token: expected a sponsor of the bundle, got another')
    : granted(subjectOf(grant, sponsor))
}

const subjectOf = (grant: AutomationGrant, sponsor: Sponsor): Subject => ({
  human: sponsor.human,
  role: sponsor.role,
  clearance: sponsor.clearance,
  vouchedBy: { kind: 'sponsor', name: grant.sponsor },
  humanSession: null,
  authenticatedAt: grant.issuedAt,
  acr: '0',
  onlyAgent: grant.agentId,
  until: grant.expiresAt,
  bounds: [
    { by: `the sponsor ${grant.sponsor}`, tools: sponsor.tools },
    { by: `the grant of ${grant.sponsor}`, tools: grant.tools },
  ],
})
