import type { Refusal } from '@cordon/engine-socket'
import type { SessionId } from '@cordon/foundation'

import type { Caller, EndpointParts } from './endpoint-parts.ts'

export type AdmittedCaller =
  | { readonly sessionId: SessionId; readonly refusal?: never }
  | { readonly sessionId?: never; readonly refusal: Refusal }

/** Whether a session may talk to a server at all. @param fresh asks the engine, whatever it said a moment ago */
export const admitCaller = async (
  { engine, admissions, events, timers }: EndpointParts,
  { token, server }: Caller,
  fresh = false,
): Promise<AdmittedCaller> => {
  const known = fresh ? undefined : admissions.find(token, server, timers.now())
  if (known !== undefined) return { sessionId: known }
  const { admitted, sessionId, refusal = unexplained } = await engine.admit({ token, server })
  if (!admitted || sessionId === undefined) {
    events.requestRefused(refusal.reason)
    return { refusal }
  }
  admissions.add(token, server, sessionId, timers.now())
  return { sessionId }
}

/** An engine that says no says why; one that does not is of another version. */
export const unexplained: Refusal = {
  reason: 'ENGINE_UNAVAILABLE',
  message: 'The engine did not say whose session this is, or why not.',
}
