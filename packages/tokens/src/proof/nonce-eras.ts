import { createHmac } from 'node:crypto'

/** The nonces of one engine process: another process, or this one after a restart, accepts none of them. */
export interface NonceEras {
  /** What every answer carries (`DPoP-Nonce`). @param now milliseconds since the Unix epoch */
  current(now: number): string
  /** Whether it is the nonce of this era or the one before. @param now milliseconds since the Unix epoch */
  isAccepted(nonce: string, now: number): boolean
}

/** How long a nonce is the current one; it is accepted for as long again. */
export const defaultEraMs: number = 5 * 60_000

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
  const advance = (now: number): void => {
    const reached = Math.floor(now / eraMs)
    if (reached <= era) return
    previous = nonceOf(reached - 1)
    current = nonceOf(reached)
    era = reached
  }

  return {
    current(now) {
      advance(now)
      return current
    },
    isAccepted(nonce, now) {
      advance(now)
      return nonce === current || nonce === previous
    },
  }
}
