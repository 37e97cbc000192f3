import type { Clock } from '@cordon/foundation'
import { signRevocation, type SigningKey } from '@cordon/tokens'

import type { Revocations } from '../../ports.ts'
import type { Database } from '../../ports/database.ts'
import type { RevocationLog } from './revocation-log.ts'
import { changeRevocations, type KeptRevocation, readRevocations } from './revocation-table.ts'

/** Who and what may not act, told to every engine by signed statements. */
export interface KillSwitch extends Revocations {
  /** All that was ever decided, the last of each scope. */
  list(): readonly KeptRevocation[]
  /** @returns whether it is on record for every engine; where not, it is kept here and goes out as soon as it can */
  decide(decision: Decision): Promise<boolean>
  /** Signs anew what an earlier key signed, sends what is not out, reads what other replicas decided. */
  refresh(): Promise<void>
}

export interface Decision {
  readonly scope: string
  readonly active: boolean
  readonly by: string
  readonly reason: string
}

/** Opens it; writes what the topic lacks. */
export const openKillSwitch = async (options: {
  readonly database: Database
  readonly log: RevocationLog
  readonly clock: Clock
  readonly issuer: string
  readonly key: () => SigningKey
}): Promise<KillSwitch> => {
  const { database, log, clock, issuer } = options
  let kept: readonly KeptRevocation[] = []
  let active: ReadonlySet<string> = new Set()
  /** Scope → statement, as every engine can read it. */
  const published = new Map(await log.readAll())

  let reads = 0
  let latestRead = 0

  const read = async (): Promise<void> => {
    reads += 1
    const number = reads
    const found = await readRevocations(database)
    // Two at once may be answered in either order; who asked later knows at least as much.
    if (number < latestRead) return
    latestRead = number
    kept = found
    active = new Set(kept.filter(each => each.active).map(({ scope }) => scope))
  }

  const signed = (
    decision: Decision & Pick<KeptRevocation, 'revokedFor'>,
    version: number,
    decidedAt: number,
  ): KeptRevocation => {
    const key = options.key()
    const statement = signRevocation(key, issuer, { ...decision, version, issuedAt: decidedAt })
    return { ...decision, version, decidedAt, keyId: key.keyId, statement }
  }

  /** Scope → what is being written of it. */
  const writing = new Map<string, Promise<boolean>>()

  const write = async (asked: KeptRevocation): Promise<boolean> => {
    const { scope } = asked
    // What was decided meanwhile takes its place.
    const newer = kept.find(each => each.scope === scope && each.version > asked.version)
    const { statement } = newer ?? asked
    if (published.get(scope) === statement) return true
    const isOut = await log.publish({ scope, statement })
    if (isOut) published.set(scope, statement)
    return isOut
  }

  /**
   * One after the other for each scope: written side by side, upkeep and a decision would both write a statement, which engines take for a
   * replay, or an older one would come to stand behind a newer one.
   */
  const publish = (revocation: KeptRevocation): Promise<boolean> => {
    const { scope } = revocation
    const before = writing.get(scope) ?? Promise.resolve(true)
    const next = before
      .catch(() => false)
      .then(() => write(revocation))
      .finally(() => {
        if (writing.get(scope) === next) writing.delete(scope)
      })
    writing.set(scope, next)
    return next
  }

  const refresh = async (): Promise<void> => {
    const { keyId } = options.key()
    await read()
    // Readers know the keys of the day only: what an earlier one signed would mean nothing to those that start later. It is said
    // anew, not decided anew.
    if (kept.some(each => each.keyId !== keyId)) {
      await changeRevocations(database, all =>
        all.filter(each => each.keyId !== keyId).map(each => signed(each, each.version + 1, each.decidedAt)),
      )
      await read()
    }
    for (const each of kept) await publish(each)
  }

  await refresh()
  return {
    active: () => active,
    list: () => kept,
    decide: async decision => {
      const [changed] = await changeRevocations(database, all => {
        const before = all.find(({ scope }) => scope === decision.scope)
        const revokedFor = before?.active === true ? before.reason : before?.revokedFor
        const decided = { ...decision, ...(!decision.active && { revokedFor }) }
        return [signed(decided, (before?.version ?? 0) + 1, clock.now())]
      })
      await read()
      return changed !== undefined && publish(changed)
    },
    refresh,
  }
}
