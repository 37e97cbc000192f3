import { uuidV7 } from '@cordon/foundation'

import type { HumanSessionEnded } from './ports/humans.ts'
import type { LogOut } from './ports/session-store.ts'

/** What a provider said of a human, as sessions keep it: whoever signs in after this moment is not meant. */
export const logOutOf = ({ issuer, subject, session }: HumanSessionEnded, now: number): LogOut => ({
  provider: issuer,
  eventId: uuidV7(now),
  human: subject ?? null,
  humanSession: session ?? null,
  revokedAt: now,
})
