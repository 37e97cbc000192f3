import type { RevocationFact } from './revocation-fact.ts'
import type { Stop } from './stop.ts'

/** Scopes that are remembered: those that may go on are forgotten first, then those that were heard of first. */
const scopeLimit = 10_000

interface Held extends Stop {
  readonly version: number
  readonly active: boolean
}

/** What identity said last of each scope of the kill switch; bounded. */
export class Stops {
  readonly #held = new Map<string, Held>()

  /** @returns what has become of the scope, where that is another thing than before */
  apply({ scope, version, active, by, reason, issuedAt }: RevocationFact): 'stopped' | 'lifted' | undefined {
    const before = this.#held.get(scope)
    if (before !== undefined && version <= before.version) return undefined
    // Identity signs a statement anew when it has another key: that is no news.
    const isSame = before?.active === active && before.by === by && before.reason === reason
    this.#held.delete(scope)
    this.#held.set(scope, { scope, version, active, by, reason, since: issuedAt })
    if (this.#held.size > scopeLimit) this.#forget()
    if (isSame || (!active && before?.active !== true)) return undefined
    return active ? 'stopped' : 'lifted'
  }

  /** Those of the scopes that are stopped at present. */
  among(scopes: Iterable<string>): readonly Stop[] {
    if (this.#held.size === 0) return []
    return [...new Set(scopes)].flatMap(scope => {
      const held = this.#held.get(scope)
      return held?.active === true ? [held] : []
    })
  }

  #forget(): void {
    const [first] = this.#held.keys()
    const lifted = this.#held.values().find(({ active }) => !active)?.scope
    this.#held.delete(lifted ?? first ?? '')
  }
}
