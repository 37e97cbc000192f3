import type { Clock } from '@cordon/foundation'

/** How much one address may ask for. */
export interface RequestBudget {
  /** @returns whether there was enough left */
  spend(address: string, cost: number): boolean
}

const windowMs = 60_000
/** Ten log-ins with all their pages a minute, or fifty devices that wait for theirs. */
const perWindow = 600
/** So many addresses at once are an attack; the rest of them share what one has. */
const maxAddresses = 10_000

/** Bounds what strangers can make the database keep. Counted in memory: a restart costs nobody anything. */
export const createRequestBudget = (clock: Clock): RequestBudget => {
  let windowStart = clock.now()
  const spent = new Map<string, number>()
  return {
    spend: (address, cost) => {
      if (clock.now() - windowStart >= windowMs) {
        windowStart = clock.now()
        spent.clear()
      }
      const key = spent.has(address) || spent.size < maxAddresses ? address : ''
      const total = (spent.get(key) ?? 0) + cost
      if (total > perWindow) return false
      spent.set(key, total)
      return true
    },
  }
}
