/** A key that signs downstream tokens, by its times. */
export interface TimedCallKey {
  readonly keyId: string
  /** Milliseconds since the Unix epoch; `undefined`: nobody can know it yet. */
  readonly signsFrom: number | undefined
}

/** Which of an engine's call keys do what at a moment. */
export interface CallKeyPlan {
  /** `undefined`: there is none yet. */
  readonly signing: string | undefined
  /** What receivers may verify with, and until when. Milliseconds since the Unix epoch. */
  readonly announced: readonly { readonly keyId: string; readonly until: number }[]
  /** Nothing that they signed counts any more. */
  readonly over: readonly string[]
  /** The signing key is so old that the next one has to be made. */
  readonly isNextDue: boolean
}

/** Receivers keep a key set for five minutes; so each of them has the next key before it signs, without being told of it. */
export const callKeyLeadMs: number = 6 * 60_000
/** A downstream token lives one minute; clocks differ. */
export const callKeyTrailMs: number = 3 * 60_000
/** An engine that announces no more has no tokens about for long; one whose issuer is away meanwhile goes on. */
export const announcedLifeMs: number = 24 * 60 * 60_000

/** One key signs at a time; each was published before it began, but for the first, and stays until its last token ran out. */
export const planCallKeys = (keys: readonly TimedCallKey[], now: number, maxAgeMs: number): CallKeyPlan => {
  const signers = keys
    .flatMap(({ keyId, signsFrom }) => (signsFrom === undefined ? [] : [{ keyId, signsFrom }]))
    .toSorted((one, other) => one.signsFrom - other.signsFrom)
  // A clock that was set back behind the first one leaves that one signing.
  const at = Math.max(
    0,
    signers.findLastIndex(({ signsFrom }) => signsFrom <= now),
  )
  const signing = signers[at]
  const endOf = (keyId: string): number | undefined => {
    const index = signers.findIndex(signer => signer.keyId === keyId)
    const successor = index === -1 ? undefined : signers[index + 1]
    return successor && successor.signsFrom + callKeyTrailMs
  }
  const isOver = ({ keyId }: TimedCallKey): boolean => (endOf(keyId) ?? Number.POSITIVE_INFINITY) <= now
  return {
    signing: signing?.keyId,
    announced: keys
      .filter(key => !isOver(key))
      .map(({ keyId }) => ({ keyId, until: endOf(keyId) ?? now + announcedLifeMs })),
    over: keys.filter(isOver).map(({ keyId }) => keyId),
    isNextDue:
      signing !== undefined &&
      at === signers.length - 1 &&
      signers.length === keys.length &&
      signing.signsFrom + maxAgeMs - callKeyLeadMs <= now,
  }
}
