import type { Clock } from '@cordon/foundation'

import { networksOf, networksPerSite } from '../core/humans/networks-of.ts'

/** How much one network, and one site of IPv6, may ask for. */
export interface RequestBudget {
  /** @returns whether there was enough left */
  spend(address: string, cost: number): boolean
}

const windowMs = 60_000
/** Ten log-ins with all their pages a minute, or fifty devices that wait for theirs. */
const perWindow = 600
const most = { network: perWindow, site: perWindow * networksPerSite }
/** So many networks at once are an attack; the rest of them share what one has. */
const maxNetworks = 10_000

/** Bounds what strangers can make the database keep. Counted in memory: a restart costs nobody anything. */
export const createRequestBudget = (clock: Clock): RequestBudget => {
  let windowStart = clock.now()
  const spent = new Map<string, number>()
  const keyOf = (name: string): string => (spent.has(name) || spent.size < maxNetworks ? name : '')
  return {
    spend: (address, cost) => {
      // What costs nothing must not be a way to fill the map either.
      if (cost === 0) return true
      if (clock.now() - windowStart >= windowMs) {
        windowStart = clock.now()
        spent.clear()
      }
      const bills = networksOf(address).map(({ kind, name }) => {
        const key = keyOf(name)
        return { key, most: most[kind], total: (spent.get(key) ?? 0) + cost }
      })
      if (bills.some(bill => bill.total > bill.most)) return false
      for (const { key, total } of bills) spent.set(key, total)
      return true
    },
  }
}
