/** A signing key of sessions, by its times. Milliseconds since the Unix epoch. */
export interface TimedKey {
  readonly keyId: string
  readonly signsFrom: number
}

/** A key that everybody may verify with, and what becomes of it. */
export interface PublishedKey extends TimedKey {
  readonly turn: 'former' | 'signing' | 'next'
  /** `undefined`: none takes over from it yet. */
  readonly publishedUntil: number | undefined
}

/** Which keys do what at a moment. */
export interface KeyPlan {
  /** `undefined`: there is none yet. */
  readonly signing: string | undefined
  /** What everybody may verify with: former ones until nothing of theirs counts, the next one before it signs. */
  readonly published: readonly PublishedKey[]
  /** Nothing that they signed counts any more. */
  readonly over: readonly string[]
  /** Whether one stands by that has not begun to sign. */
  readonly isNextThere: boolean
}

/** Key sets may be kept for a minute, replicas read the keys every few seconds, clocks differ. */
export const keyLeadMs: number = 90_000
/** The last token of a key lives five minutes, a status list two seconds; clocks differ. */
export const keyTrailMs: number = 6 * 60_000

/** One key signs at a time; each was published before it began, and stays until nothing that it signed counts. */
export const planKeys = (keys: readonly TimedKey[], now: number): KeyPlan => {
  const byTime = keys.toSorted(
    (one, other) => one.signsFrom - other.signsFrom || (one.keyId < other.keyId ? -1 : 1),
  )
  const at = byTime.findLastIndex(({ signsFrom }) => signsFrom <= now)
  const all = byTime.map(({ keyId, signsFrom }, index): PublishedKey => {
    const successor = byTime[index + 1]
    return {
      keyId,
      signsFrom,
      turn: index < at ? 'former' : index === at ? 'signing' : 'next',
      publishedUntil: successor && successor.signsFrom + keyTrailMs,
    }
  })
  const isOver = ({ publishedUntil }: PublishedKey): boolean =>
    publishedUntil !== undefined && publishedUntil <= now
  return {
    signing: byTime[at]?.keyId,
    published: all.filter(key => !isOver(key)),
    over: all.filter(isOver).map(({ keyId }) => keyId),
    isNextThere: at + 1 < byTime.length,
  }
}

/** Whether the signing key is so old that the next one has to be made. */
export const isRotationDue = (keys: readonly TimedKey[], now: number, maxAgeMs: number): boolean => {
  const { signing, isNextThere } = planKeys(keys, now)
  const since = keys.find(({ keyId }) => keyId === signing)?.signsFrom
  return since !== undefined && !isNextThere && since + maxAgeMs - keyLeadMs <= now
}
