import type { IdentityPolicy } from '@cordon/policy'
import type { Standing } from '@cordon/schemas'

import type { StoredSession } from './held-session.ts'
import { type Answer, granted, refused } from './refusal.ts'
import type { Subject } from './subject.ts'
import { subjectOfBasis } from './subject-of-basis.ts'

/** What is known of the session whose agent hands work on. */
export interface ParentFacts {
  /** As the database has it; its token was verified, and shown by whoever holds its key. */
  readonly parent: StoredSession | undefined
  readonly standing: Standing | undefined
  readonly policy: IdentityPolicy
  readonly now: number
}

/** The human of the parent's session, bounded by what that session was granted. */
export const subjectOfParent = ({ parent, standing, policy, now }: ParentFacts): Answer<Subject> => {
  if (parent === undefined)
    return refused('SESSION_UNKNOWN', 'subject_token: expected the token of an open session, got another')
  const { session } = parent
  if (parent.ended || session.endsAt <= now || standing === 'ended')
    return refused('SESSION_ENDED', 'subject_token: expected the token of an open session, got an ended one')
  if (session.agent === null)
    return refused(
      'SUBJECT_REFUSED',
      "subject_token: expected the session of an agent, got a human's own; exchange the ID token instead",
    )
  if (standing === 'suspended')
    return refused(
      'SESSION_SUSPENDED',
      'subject_token: expected a session in good standing, got a suspended one',
    )
  if (standing === undefined || standing === 'unknown')
    return refused('SESSION_UNKNOWN', 'subject_token: expected a session that was decided on, got another')
  const subject = subjectOfBasis(session.basis, policy)
  if (!subject.ok) return subject
  return granted({
    ...subject.value,
    until: session.endsAt,
    parent,
    bounds: [...subject.value.bounds, { by: `the session of ${session.agentId}`, tools: session.tools }],
  })
}
