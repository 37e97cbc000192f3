import { directHuman } from '@cordon/tokens'

import { type Answer, refused } from './refusal.ts'

/** How much one human, and one agent for all its humans, may ask of everybody's identity. */
export interface ExchangeLimits {
  /** Sessions that are open at once. */
  readonly sessionsPerHuman: number
  readonly sessionsPerAgent: number
  /** Within one minute, granted or not. */
  readonly exchangesPerHuman: number
  readonly exchangesPerAgent: number
}

/** Whose exchange it is, by tokens that were verified. */
export interface ExchangeParties {
  readonly human: string
  readonly agentId: string
}

export interface ExchangeRates {
  /** Counts an exchange. @returns why it is one too many; @param now milliseconds since the Unix epoch */
  take(parties: ExchangeParties, now: number): Answer<never> | undefined
}

const minuteMs = 60_000

/** Counted by the minute and forgotten with it, so that what is kept is bounded by what a minute can bring. */
export const createExchangeRates = (limits: ExchangeLimits): ExchangeRates => {
  let minute = 0
  const counts = new Map<string, number>()

  const exceeds = (key: string, limit: number): boolean => {
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count > limit
  }

  return {
    take: ({ human, agentId }, now) => {
      const current = Math.floor(now / minuteMs)
      if (current !== minute) counts.clear()
      minute = current
      const retryAfterSeconds = Math.ceil(((current + 1) * minuteMs - now) / 1000)
      if (exceeds(`human ${human}`, limits.exchangesPerHuman))
        return tooMany(`exchanges of one human within a minute`, limits.exchangesPerHuman, retryAfterSeconds)
      if (agentId !== directHuman && exceeds(`agent ${agentId}`, limits.exchangesPerAgent))
        return tooMany(`exchanges of one agent within a minute`, limits.exchangesPerAgent, retryAfterSeconds)
      return undefined
    },
  }
}

/** A session has to end before another opens; whoever waits a minute does not ask in vain each second. */
export const tooManySessions = (of: 'human' | 'agent', limits: ExchangeLimits): Answer<never> => {
  const limit = of === 'human' ? limits.sessionsPerHuman : limits.sessionsPerAgent
  return tooMany(`open sessions of one ${of}`, limit, minuteMs / 1000)
}

const tooMany = (what: string, limit: number, retryAfterSeconds: number): Answer<never> =>
  refused('LIMIT_REACHED', `${what}: expected at most ${limit}, got one more`, retryAfterSeconds)
