import { principalScopes, type RevocationStatement, type SessionToken } from '@cordon/tokens'

import type { Revocations } from '../ports.ts'

/** What a statement did: a higher one about its scope was there before, or it says what was in force. */
export type RevocationChange = 'revoked' | 'reinstated' | 'older' | 'unchanged'

/** Every scope that identity ever said something of, as far as the topic was read. */
export interface RevocationTable extends Revocations {
  /** Scopes that are revoked. */
  readonly size: number
  /** Counts what changed, so that what was found before is not believed after. */
  readonly epoch: number
  apply(statement: RevocationStatement): RevocationChange
}

interface Held {
  readonly version: number
  readonly active: boolean
}

/** What was found of a principal, as long as nothing changes. */
interface Found {
  readonly epoch: number
  /** A scope that stops it. */
  readonly by: string | undefined
}

export const createRevocationTable = (): RevocationTable => {
  const statements = new Map<string, Held>()
  const active = new Set<string>()
  /** The tokens that a verifier holds are the same objects from call to call. */
  const found = new WeakMap<SessionToken, Found>()
  let epoch = 0

  const principalRevokedBy = (principal: SessionToken): string | undefined => {
    const held = found.get(principal)
    if (held?.epoch === epoch) return held.by
    const by = scopesOf(principal).find(scope => active.has(scope))
    found.set(principal, { epoch, by })
    return by
  }

  return {
    get size() {
      return active.size
    },
    get epoch() {
      return epoch
    },
    revokedBy(principal, tool) {
      if (active.size === 0) return undefined
      const called = `tool:${principal.server}/${tool}`
      return principalRevokedBy(principal) ?? (active.has(called) ? called : undefined)
    },
    apply({ scope, version, active: isActive }) {
      const held = statements.get(scope)
      // Identity writes one again where it does not know yet that it is out, or another replica wrote it.
      if (version === held?.version && isActive === held.active) return 'unchanged'
      if (held !== undefined && version <= held.version) return 'older'
      statements.set(scope, { version, active: isActive })
      if (isActive === active.has(scope)) return 'unchanged'
      if (isActive) active.add(scope)
      else active.delete(scope)
      epoch += 1
      return isActive ? 'revoked' : 'reinstated'
    },
  }
}

const scopesOf = (principal: SessionToken): readonly string[] => [
  ...principalScopes(principal),
  `tool:${principal.server}/*`,
]
