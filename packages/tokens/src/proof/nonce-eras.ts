import { createHmac } from 'node:crypto'

/** The nonces of one engine process: another process, or this one after a restart, accepts none of them. */
export interface NonceEras {
  /**
   * The era that it is, which may be later than what `now` says, never earlier than what was said before. What is kept for as long as nonces
   * are accepted counts by this alone: two that each count for themselves come apart where the clock is set back.
   * @param now milliseconds since the Unix epoch
   */
  reached(now: number): number
  /** What every answer carries (`DPoP-Nonce`). @param now milliseconds since the Unix epoch */
  current(now: number): string
  /** Whether it is the nonce of this era or the one before. @param now milliseconds since the Unix epoch */
  isAccepted(nonce: string, now: number): boolean
}

/** How long a nonce is the current one; it is accepted for as long again. */
const defaultEraMs: number = 5 * 60_000

/** 96 bits: nobody guesses the nonce of an era that has not begun. */
const nonceBytes = 12

/**
 * Computed, not kept. An era never comes back: where the clock is set back, the last one lasts until the clock is there
 * again, because the replay windows of the eras before are gone.
 * @param options.secret drawn when the process starts, and known to it alone
 */
export const createNonceEras = (options: { readonly secret: Buffer; readonly eraMs?: number }): NonceEras => {
  const { secret, eraMs = defaultEraMs } = options
  const nonceOf = (era: number): string =>
    createHmac('sha256', secret)
      .update(`cordon/nonce/v1\0${era}`)
      .digest()
      .toString('base64url', 0, nonceBytes)

  let era = Number.NEGATIVE_INFINITY
  let current = ''
  let previous = ''
  const reached = (now: number): number => {
    const next = Math.floor(now / eraMs)
    if (next <= era) return era
    previous = nonceOf(next - 1)
    current = nonceOf(next)
    era = next
    return era
  }

  return {
    reached,
    current(now) {
      reached(now)
      return current
    },
    isAccepted(nonce, now) {
      reached(now)
      return nonce === current || nonce === previous
    },
  }
}
