import { CordonError } from '@cordon/foundation'
import type { RevocationStatement, RevocationVerification } from '@cordon/tokens'

/** What identity says of a scope of the kill switch. */
export interface RevocationFact extends RevocationStatement {
  readonly kind: 'revocation'
  /** False of what was said before the view began. */
  readonly isNew: boolean
}

/**
 * @param scope of the record that the statement stands in
 * @throws CordonError `STATEMENT_REFUSED` where identity did not sign it for this scope: a view must not say that somebody is stopped who is not
 */
export const revocationFactOf = (
  scope: string,
  isNew: boolean,
  verified: RevocationVerification,
): RevocationFact => {
  if (typeof verified !== 'string' && verified.scope === scope)
    return { kind: 'revocation', isNew, ...verified }
  const got =
    verified === 'unknown-key' ? 'one under a key that identity does not publish' : 'one that is not its own'
  throw new CordonError(
    'STATEMENT_REFUSED',
    `revocation: expected a statement of identity about the record's scope, got ${got}`,
  )
}
