import { CordonError } from '@cordon/foundation'
import type { RevocationStatement, RevocationVerification } from '@cordon/tokens'
import type { Records } from '@cordon/schemas'

/** What identity says of a scope of the kill switch. */
export interface RevocationFact extends RevocationStatement {
  readonly kind: 'revocation'
  /** False of what was said before the view began. */
  readonly isNew: boolean
}

/** Checks a statement with identity's keys, which are fetched anew where it names another. */
export type ReadStatement = (statement: string) => Promise<RevocationVerification>

/** @throws CordonError `STATEMENT_REFUSED` where identity did not sign it for this scope: a view must not say that somebody is stopped who is not */
export const revocationFactOf = async (
  { scope, statement }: Records['Revocation'],
  isNew: boolean,
  read: ReadStatement,
): Promise<RevocationFact> => {
  const verified = await read(statement)
  if (typeof verified !== 'string' && verified.scope === scope)
    return { kind: 'revocation', isNew, ...verified }
  const got =
    verified === 'unknown-key' ? 'one under a key that identity does not publish' : 'one that is not its own'
  throw new CordonError(
    'STATEMENT_REFUSED',
    `revocation: expected a statement of identity about the record's scope, got ${got}`,
  )
}
