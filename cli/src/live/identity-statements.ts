import { setTimeout as pause } from 'node:timers/promises'

import type { Clock } from '@cordon/foundation'
import { verifyRevocation, type KeySet, type RevocationVerification } from '@cordon/tokens'
import { openKeySource } from '@cordon/tokens/receiver'

/**
 * Checks a statement with identity's keys. One under a key that is not held is judged by keys that were fetched after it was read, and
 * waits until they can be had: identity may be away, or have another key than a moment ago.
 * @throws AbortError where the signal ends the wait
 */
export type ReadStatement = (statement: string, signal: AbortSignal) => Promise<RevocationVerification>

export interface IdentityStatementsOptions {
  readonly issuer: string
  readonly clock: Clock
  /** A statement waits, for the keys cannot be had; said once for each reason. */
  readonly onKeysAway: (reason: string) => void
  /** Before keys are asked for again; how often they are fetched the key source bounds. */
  readonly retryMs?: number
}

/** Reads what the identity at `issuer` signed. */
export const identityStatements = ({
  issuer,
  clock,
  onKeysAway,
  retryMs = 1000,
}: IdentityStatementsOptions): ReadStatement => {
  const keys = openKeySource({ url: `${issuer}/.well-known/jwks.json` })
  let toldFault: string | undefined

  const tellFault = (): void => {
    const fault = keys.fault()
    if (fault !== undefined && fault !== toldFault) onKeysAway(fault)
    toldFault = fault
  }
  const keysFetchedSince = async (readAt: number, signal: AbortSignal): Promise<KeySet> => {
    for (;;) {
      const renewed = await keys.renewed(clock.now())
      tellFault()
      if (keys.fetchedAt() >= readAt) return renewed
      await pause(retryMs, undefined, { ref: false, signal })
    }
  }

  return async (statement, signal) => {
    const readAt = clock.now()
    const verified = verifyRevocation(statement, { issuer, keys: await keys.current(readAt) })
    if (verified !== 'unknown-key') return verified
    return verifyRevocation(statement, { issuer, keys: await keysFetchedSince(readAt, signal) })
  }
}
