import type { InvocationAttempted } from '@cordon/schemas'

import { eachParameter } from '../signals/argument-signal.ts'
import type { ProfileView } from '../baseline/profile-view.ts'
import type { Session } from '../session/session.ts'

/**
 * What sort of work a session does, in the order of its encoding: append only. `new` work is unusual step by step without
 * being misuse, so it is held against sessions that were new once, `recurring` work against sessions like it.
 */
export const works = ['untold', 'recurring', 'new'] as const
export type Work = (typeof works)[number]

/**
 * Tells by the first call with arguments, before a result could have had a say in it, unless calls without arguments brought
 * some: recurring if all its values are known to the agent.
 * @param tool key of the tool
 */
export const noteWork = (
  session: Session,
  agent: ProfileView,
  attempt: InvocationAttempted,
  tool: number,
): void => {
  if (session.work !== 'untold' || attempt.parameters.length === 0) return
  let known = true
  eachParameter(attempt, tool, (_slot, value, name) => {
    if (name !== '' && !agent.knowsValue(value)) known = false
  })
  session.work = known ? 'recurring' : 'new'
}
