import type { SessionId } from '@cordon/foundation'

/** How long an admission is believed. Calls are never admitted from here: each is authorised by itself. */
const admissionLifeMs = 1_000

/** Sessions times servers that come within one second; a full table only costs questions. */
const maxAdmissions = 10_000

/** The admissions of the last second. Refusals are not kept: what was mended counts at once. */
export interface Admissions {
  /** @param now milliseconds, monotonic */
  find(token: string, server: string, now: number): SessionId | undefined
  add(token: string, server: string, sessionId: SessionId, now: number): void
}

export const createAdmissions = (): Admissions => {
  const admissions = new Map<string, { readonly sessionId: SessionId; readonly until: number }>()
  const keyOf = (token: string, server: string): string => `${server}\0${token}`

  const makeRoom = (now: number): void => {
    for (const [key, { until }] of admissions) if (until <= now) admissions.delete(key)
    if (admissions.size >= maxAdmissions) admissions.clear()
  }

  return {
    find(token, server, now) {
      const admission = admissions.get(keyOf(token, server))
      return admission !== undefined && admission.until > now ? admission.sessionId : undefined
    },
    add(token, server, sessionId, now) {
      if (admissions.size >= maxAdmissions) makeRoom(now)
      admissions.set(keyOf(token, server), { sessionId, until: now + admissionLifeMs })
    },
  }
}
