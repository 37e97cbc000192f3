import { declaredIntent } from '@cordon/extraction'
import type { Entity, EntityKind } from '@cordon/schemas'

import type { AttestedAgent } from './judge-actor.ts'
import { type Answer, granted, refused } from './refusal.ts'
import type { Subject } from './subject.ts'

/** Who asks, and what its words become. */
export interface IntentFacts {
  readonly subject: Pick<Subject, 'parent'>
  readonly agent: AttestedAgent | undefined
  readonly fingerprint: (kind: EntityKind, value: string) => number
}

/**
 * What the human asked for, as it goes on record. Only the platform that starts an attested agent may say it, when it starts
 * it: an agent that obeys what it read would declare that too, so what works for another agent keeps the intent of that one.
 */
export const grantIntent = (
  declared: string | undefined,
  { subject, agent, fingerprint }: IntentFacts,
): Answer<readonly Entity[] | undefined> => {
  if (declared === undefined) return granted(subject.parent?.session.intent)
  if (subject.parent !== undefined)
    return refused(
      'INTENT_REFUSED',
      'declared_intent: expected none, because a sub-agent works for what its parent was started for, got one',
    )
  if (agent === undefined)
    return refused(
      'INTENT_REFUSED',
      'declared_intent: expected the platform of an attested agent to declare it, got a request without actor_token',
    )
  return granted(declaredIntent(declared, fingerprint))
}
