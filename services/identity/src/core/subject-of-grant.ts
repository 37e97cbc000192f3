import { verifyAutomationGrant } from '@cordon/attestation'
import type { IdentityPolicy } from '@cordon/policy'
import { thumbprintOf } from '@cordon/tokens'

import { isKeptName } from './kept-values.ts'
import { type Answer, refused } from './refusal.ts'
import type { Subject } from './subject.ts'
import { subjectOfBasis } from './subject-of-basis.ts'

/** Whom a sponsor's grant speaks for. */
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
  if (!isKeptName(grant.grantId))
    return refused(
      'SUBJECT_REFUSED',
      'subject_token: expected a jti that the kill switch can name, got other characters',
    )
  const sponsor = policy.sponsors[grant.sponsor]
  return sponsor === undefined
    ? refused('SUBJECT_REFUSED', 'subject_token: expected a sponsor of the bundle, got another')
    : subjectOfBasis({ kind: 'grant', grant, signedBy: thumbprintOf(sponsor.key) }, policy)
}
