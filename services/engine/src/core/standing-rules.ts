import type { CatalogueEntry } from '@cordon/policy'
import type { Standing, Verdict } from '@cordon/schemas'

import type { Refused } from './check.ts'
import { deny, hold } from './check.ts'

/** What of a catalogue entry a standing asks. */
type ToolRules = Pick<CatalogueEntry, 'readOnly' | 'mode'> & { readonly sensitivity: number }

const ended = deny('SESSION_ENDED', 'This session has ended. Open a new one.')

const suspended = deny(
  'SESSION_SUSPENDED',
  'This session is suspended because of what it did. An operator has to look at it.',
)

const readOnly = deny(
  'SESSION_READ_ONLY',
  'This session may only use read-only tools of low sensitivity now, because of what it did.',
)

const stepUp = hold(
  'STEP_UP_REQUIRED',
  'This session needs the approval of its human for calls that change something or are sensitive. Approval does not exist yet, so the call is denied.',
)

const undecided = deny(
  'SESSION_SUSPENDED',
  'What was last decided about this session cannot be told here, so nothing is allowed. An operator has to look at it.',
)

/** What a standing refuses: the session whatever it calls, or every call but low reads. The further down, the more. */
const refusals: Readonly<Record<Standing, { readonly session?: Refused; readonly calls?: Refused }>> = {
  trusted: {},
  verify: { calls: stepUp },
  read_only: { calls: readOnly },
  suspended: { session: suspended },
  ended: { session: ended },
  // A standing of a later version, or one that could not be read: it is not `trusted`.
  unknown: { session: undecided },
}

/** Changes nothing, tells little, and need not be judged by itself. */
const isLowRead = (entry: ToolRules): boolean =>
  entry.readOnly && entry.sensitivity <= 1 && entry.mode !== 'gate'

/** Why a session may not even talk to a server, if it may not. */
export const refuseSession = (standing: Standing): Refused | undefined => refusals[standing].session

/** Why a session may not make this call, if it may not. A tool in mode `monitor` is only watched: a score changes nothing. */
export const refuseCall = (standing: Standing, entry: ToolRules): Refused | undefined => {
  const { session, calls } = refusals[standing]
  return session ?? (entry.mode === 'monitor' || isLowRead(entry) ? undefined : calls)
}

/** What a standing by itself does with a call. */
export const verdictAt = (standing: Standing, entry: ToolRules): Verdict =>
  refuseCall(standing, entry)?.verdict ?? 'forward'
