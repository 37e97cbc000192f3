import { afterSession } from '@cordon/risk'
import type { EarlierSession } from '@cordon/risk'
import type { StateChange, StateView } from '@cordon/stream'

import { suspicionKey, suspicionsIn } from './profiler-state.ts'
import type { ProfilerState } from './profiler-state.ts'

/**
 * What a session leaves behind for the next ones of its agent and human: nothing, as a rule.
 * @param times -1 where it was cleared afterwards
 */
export const suspected = (
  states: StateView<ProfilerState>,
  subject: string,
  session: EarlierSession,
  times: 1 | -1 = 1,
): readonly StateChange<ProfilerState>[] => {
  const before = suspicionsIn(states, subject)
  const suspicions = afterSession(before, session, times)
  return suspicions === before ? [] : [{ key: suspicionKey(subject), state: { subject, suspicions } }]
}
