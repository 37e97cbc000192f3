/** `full`: no room to remember another; refuse, because a second use could not be told from the first. */
export type Spending = 'fresh' | 'spent' | 'full'

/** Which tokens were used, until they expire. */
export interface SpentTokens {
  /**
   * Looks and remembers at once, so that of two uses one is the first.
   * @param id `jti` of a verified token
   * @param expiresAt milliseconds since the Unix epoch
   * @param now milliseconds since the Unix epoch
   */
  spend(id: string, expiresAt: number, now: number): Spending | Promise<Spending>
}

/** Those of one process. */
export interface OwnSpentTokens extends SpentTokens {
  spend(id: string, expiresAt: number, now: number): Spending
}

/** A minute of 1,600 calls a second, about 100 bytes each. */
const defaultMaxTokens = 100_000

/**
 * Remembers every token for as long as it would be accepted. Where the clock is set back, what expired before stays
 * expired, because it is not remembered any more.
 */
export const createSpentTokens = (options: { readonly maxTokens?: number } = {}): OwnSpentTokens => {
  const maxTokens = options.maxTokens ?? defaultMaxTokens
  const spent = new Map<string, number>()
  let forgottenUntil = Number.NEGATIVE_INFINITY

  // In order of use: lives differ by a minute at most, so what is expired is at the front or soon will be.
  const forget = (now: number): void => {
    for (const [id, expiresAt] of spent) {
      if (expiresAt > now) return
      forgottenUntil = Math.max(forgottenUntil, expiresAt)
      spent.delete(id)
    }
  }

  return {
    spend(id, expiresAt, now) {
      forget(now)
      if (spent.has(id) || expiresAt <= forgottenUntil) return 'spent'
      if (spent.size >= maxTokens) return 'full'
      spent.set(id, expiresAt)
      return 'fresh'
    },
  }
}
