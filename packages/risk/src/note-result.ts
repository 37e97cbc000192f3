import type { InvocationCompleted } from '@cordon/schemas'

import { nameKey } from './hash.ts'
import { limits } from './session/limits.ts'
import type { Session } from './session/session.ts'

/**
 * Remembers which entities a result brought into the session. What the agent uses anyway needs no place: it is never
 * held against a call.
 * @param call number of the call in the session
 */
export const noteResult = (
  session: Session,
  completed: InvocationCompleted,
  call: number,
  agent: { usesEntity(fingerprint: number): boolean },
): void => {
  const { entities, origins, tools } = session
  session.wording.add(completed.wording)
  const count = Math.min(completed.entities.length, limits.entitiesPerCall)
  let origin = 0
  for (let position = 0; position < count; position += 1) {
    const { fingerprint } = completed.entities[position]!
    if (entities.originOf(fingerprint) !== undefined || agent.usesEntity(fingerprint)) continue
    if (origin === 0) origin = origins.add(call, tools.findOrAdd(completed.tool, nameKey(completed.tool)))
    if (!entities.add(fingerprint, origin)) {
      session.wording.addEntity(fingerprint)
      entities.spilled = true
    }
  }
  // The engine put what a record has no place for into its wording.
  if (completed.entitiesOverflow && !completed.entitiesLost) entities.spilled = true
  else if (completed.entitiesOverflow || completed.entities.length > count) entities.overflowed = true
}
