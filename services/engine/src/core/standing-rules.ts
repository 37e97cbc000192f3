import type { CatalogueEntry } from '@cordon/policy'
import type { Standing } from '@cordon/schemas'

import type { Refused } from './check.ts'
import { deny, hold } from './check.ts'

const ended = deny('SESSION_ENDED', 'This session has ended. Open a new one.')

const suspended = deny(
  'SESSION_SUSPENDED',
  'This session is suspended because of what it did. An operator has to look at it.',
)

const readOnly = deny(
  'SESSION_READ_ONLY',
  'This session may only use read-only tools now, because of what it did.',
)

const stepUp = hold(
  'STEP_UP_REQUIRED',
  'This session needs the approval of its human before it goes on. Approval does not exist yet, so the call is denied.',
)

/** What a standing refuses whatever is called. `unknown` is a standing of a later version: it is not `trusted`. */
const refusalOfSession: Readonly<Record<Standing, Refused | undefined>> = {
  trusted: undefined,
  verify: undefined,
  read_only: undefined,
  suspended,
  ended,
  unknown: suspended,
}

type CallRule = (entry: CatalogueEntry) => Refused | undefined

const nothing: CallRule = () => undefined

/** What a standing refuses beyond that, by what the called tool is. */
const refusalOfCall: Readonly<Record<Standing, CallRule>> = {
  trusted: nothing,
  verify: () => stepUp,
  read_only: entry => (entry.readOnly ? undefined : readOnly),
  suspended: nothing,
  ended: nothing,
  unknown: nothing,
}

/** Why a session may not even talk to a server, if it may not. */
export const refuseSession = (standing: Standing): Refused | undefined => refusalOfSession[standing]

/** Why a session may not make this call, if it may not. A tool in mode `monitor` is only watched: a score changes nothing. */
export const refuseCall = (standing: Standing, entry: CatalogueEntry): Refused | undefined =>
  refuseSession(standing) ?? (entry.mode === 'monitor' ? undefined : refusalOfCall[standing](entry))
