import type { SessionId } from '@cordon/foundation'

import type { LogOut, SessionEnding } from '../ports/session-store.ts'
import { createAbandonedSessions } from './abandoned-sessions.ts'
import { type CloseSession, createCloseSession } from './close-session.ts'
import { createExchange, type Exchange } from './exchange.ts'
import type { ExchangeLimits } from './exchange-limits.ts'
import { createRenew, type Renew } from './renew.ts'
import { createSessionEndings } from './session-endings.ts'
import { createSessionLife } from './session-life.ts'
import { createSessionOpening } from './session-opening.ts'
import type { SessionsPorts } from './sessions-ports.ts'

/** Opens, renews and ends sessions. All that it answered is in the database. */
export interface Sessions {
  readonly exchange: Exchange
  readonly renew: Renew
  readonly close: CloseSession
  /** A provider says that a human logged out: what was opened by that log-in ends. */
  logOut(event: LogOut): Promise<void>
  /** A call of the session was seen. @param at milliseconds since the Unix epoch */
  acted(sessionId: SessionId, at: number): void
  /** Ends what is over, or should have ended before. @returns what is in the log now */
  endDue(): Promise<readonly Omit<SessionEnding, 'endedAt'>[]>
  /** Drops what nobody can ask for any more. */
  purge(): Promise<void>
}

export const createSessions = (
  given: Omit<SessionsPorts, 'isFull'>,
  options: {
    /** How long opening may take: until it is on record and its first decision is readable. */
    readonly openingTimeoutMs: number
    readonly limits: ExchangeLimits
  },
): Sessions => {
  const endings = createSessionEndings(given)
  const abandoned = createAbandonedSessions({ ...given, endings })
  const ports: SessionsPorts = { ...given, isFull: () => abandoned.isFull }
  const announce = createSessionOpening({ ...given, abandoned }, options.openingTimeoutMs)
  const life = createSessionLife(ports, endings, ports.clock.now())
  return {
    exchange: createExchange(ports, announce, options.limits),
    renew: createRenew(ports, endings),
    close: createCloseSession(ports, endings),
    logOut: async event => {
      await ports.store.logOut(event)
      await life.endDue()
    },
    acted: (sessionId, at) => life.acted(sessionId, at),
    endDue: async () => {
      const [ended] = await Promise.all([life.endDue(), abandoned.endAll()])
      return ended
    },
    purge: async () => ports.store.purge(ports.clock.now()),
  }
}
