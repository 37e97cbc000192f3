import type { Clock } from '@cordon/foundation'
import { createStatusList, signStatusList, type SigningKey } from '@cordon/tokens'

import type { statusOf } from '../core/status-of.ts'
import type { Revocations, SessionDecisions } from '../ports.ts'
import type { SessionStore } from '../ports/session-store.ts'

/** `ttl`: a receiver that keeps to it learns of a suspension this late, and identity signs each list this often at most. */
const lifetimeSeconds = 2
const lifetimeMs = lifetimeSeconds * 1000
/** Lists that are kept signed: sixteen times as many sessions as one identity has open. */
const maxKept = 256

/** Signed lists of what sessions may still do, for tool servers (draft-ietf-oauth-status-list). */
export interface StatusLists {
  /** @returns `undefined` where no session has its status there */
  signed(list: number): Promise<string | undefined>
}

export const createStatusLists = (options: {
  readonly store: SessionStore
  readonly decisions: SessionDecisions
  readonly revocations: Revocations
  readonly clock: Clock
  readonly issuer: string
  readonly key: () => SigningKey
  readonly rules: { readonly statusOf: typeof statusOf; readonly sessionsPerStatusList: number }
}): StatusLists => {
  const { store, decisions, revocations, clock, issuer, rules } = options
  const size = rules.sessionsPerStatusList
  const kept = new Map<number, { readonly text: Promise<string | undefined>; readonly until: number }>()

  const sign = async (list: number): Promise<string | undefined> => {
    const sessions = await store.statuses(list * size, (list + 1) * size)
    if (sessions.length === 0) return undefined
    const now = clock.now()
    const statuses = createStatusList(size)
    // What nobody holds any more has ended.
    for (let index = 0; index < size; index += 1) statuses.set(index, 'invalid')
    for (const stored of sessions) {
      const { sessionId, ancestors } = stored.session
      const status = rules.statusOf(stored, {
        standing: decisions.standing(sessionId),
        ancestorStandings: ancestors.map(ancestor => decisions.standing(ancestor)),
        revocations: revocations.active(),
        now,
      })
      statuses.set(stored.statusIndex % size, status)
    }
    const uri = `${issuer}/status/${list}`
    return signStatusList({ issuer, uri, list: statuses, key: options.key(), now, lifetimeSeconds })
  }

  /** Of all lists there are; asked for once in a while, so that numbers that somebody makes up cost nothing. */
  let range: { readonly of: ReturnType<SessionStore['statusRange']>; readonly until: number } | undefined
  const isThere = async (list: number, now: number): Promise<boolean> => {
    if (range === undefined || range.until <= now)
      range = { of: store.statusRange(), until: now + lifetimeMs / 2 }
    const asked = range
    try {
      const places = await asked.of
      return places !== undefined && (list + 1) * size > places.first && list * size <= places.last
    } catch (error) {
      if (range === asked) range = undefined
      throw error
    }
  }

  return {
    signed: async list => {
      const now = clock.now()
      if (!(await isThere(list, now))) return undefined
      const known = kept.get(list)
      if (known !== undefined && known.until > now) return known.text
      const text = sign(list)
      kept.delete(list)
      kept.set(list, { text, until: now + lifetimeMs / 2 })
      if (kept.size > maxKept) kept.delete(kept.keys().next().value ?? list)
      // A fault is told to whoever asks, not kept.
      text.catch(() => kept.delete(list))
      return text
    },
  }
}
