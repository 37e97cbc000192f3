import type { Clock } from '@cordon/foundation'
import { verifyRevocation } from '@cordon/tokens'
import { openKeySource } from '@cordon/tokens/receiver'

import type { ReadStatement } from './revocation-fact.ts'

/** Reads what the identity at `issuer` signed: its keys are fetched when they are first needed, and when a statement names another. */
export const identityStatements = (issuer: string, clock: Clock): ReadStatement => {
  const keys = openKeySource({ url: `${issuer}/.well-known/jwks.json` })
  return async statement => {
    const verified = verifyRevocation(statement, { issuer, keys: await keys.current(clock.now()) })
    if (verified !== 'unknown-key') return verified
    return verifyRevocation(statement, { issuer, keys: await keys.renewed(clock.now()) })
  }
}
