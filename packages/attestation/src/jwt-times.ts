/** Why a document counts no more, or not yet. */
export type TimeFault = 'LIFE_TOO_LONG' | 'ISSUED_IN_FUTURE' | 'EXPIRED'

/** Who signed may have a clock that is ahead by this much. Nothing is added to `exp`: expired is expired. */
const clockSkewMs = 5_000

/** @param claims in seconds, @param now in milliseconds since the Unix epoch */
export const faultOfTimes = (
  { iat, exp }: { readonly iat: number; readonly exp: number },
  maxLifeSeconds: number,
  now: number,
): TimeFault | undefined => {
  if (exp - iat > maxLifeSeconds) return 'LIFE_TOO_LONG'
  if (now >= exp * 1000) return 'EXPIRED'
  if (iat * 1000 > now + clockSkewMs) return 'ISSUED_IN_FUTURE'
  return undefined
}
