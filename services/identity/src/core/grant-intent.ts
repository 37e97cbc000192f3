import { declaredIntent } from '@cordon/extraction'
import type { EntityKind } from '@cordon/schemas'

import type { HeldSession } from './held-session.ts'
import type { AttestedAgent } from './judge-actor.ts'
import { type Answer, granted, refused } from './refusal.ts'
import type { Subject } from './subject.ts'

/** Who asks, and what its words become. */
export interface IntentFacts {
  readonly subject: Pick<Subject, 'parent'>
  readonly agent: AttestedAgent | undefined
  readonly fingerprint: (kind: EntityKind, value: string) => number
  readonly requestWording: (request: string) => Buffer
}

/** What is kept of a request: no word of it. */
export type KeptIntent = Pick<HeldSession, 'intent' | 'intentWording'>

/**
 * What the human asked for, as it goes on record. Only the platform that starts an attested agent may say it, when it starts
 * it: an agent that obeys what it read would declare that too, so what works for another agent keeps the intent of that one.
 */
export const grantIntent = (
  declared: string | undefined,
  { subject, agent, fingerprint, requestWording }: IntentFacts,
): Answer<KeptIntent> => {
  if (declared === undefined) return granted(keptIntent(subject.parent?.session ?? {}))
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
  return granted({
    intent: declaredIntent(declared, fingerprint),
    intentWording: requestWording(declared).toString('base64'),
  })
}

const keptIntent = ({ intent, intentWording }: KeptIntent): KeptIntent => ({
  ...(intent && { intent }),
  ...(intentWording !== undefined && { intentWording }),
})
