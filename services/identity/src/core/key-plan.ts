/** A signing key of sessions, by its times. Milliseconds since the Unix epoch. */
export interface TimedKey {
  readonly keyId: string
  readonly signsFrom: number
}

/** Which keys do what at a moment. */
export interface KeyPlan {
  /** `undefined`: there is none yet. */
  readonly signing: string | undefined
  /** What everybody may verify with: former ones until nothing of theirs counts, the next one before it signs. */
  readonly published: readonly string[]
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
  const isOver = (index: number): boolean => {
    const successor = byTime[index + 1]
    return successor !== undefined && successor.signsFrom + keyTrailMs <= now
  }
  const ids = byTime.map(({ keyId }) => keyId)
  return {
    signing: ids[at],
    published: ids.filter((_, index) => !isOver(index)),
    over: ids.filter((_, index) => isOver(index)),
    isNextThere: at + 1 < byTime.length,
  }
}

/** Whether the signing key is so old that the next one has to be made. */
export const isRotationDue = (keys: readonly TimedKey[], now: number, maxAgeMs: number): boolean => {
  const { signing, isNextThere } = planKeys(keys, now)
  const since = keys.find(({ keyId }) => keyId === signing)?.signsFrom
  return since !== undefined && !isNextThere && since + maxAgeMs - keyLeadMs <= now
}
