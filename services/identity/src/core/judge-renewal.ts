import type { Standing } from '@cordon/schemas'

import { type Answer, granted, refused } from './refusal.ts'
import type { HeldSession } from './session-request.ts'

/** What is known of a session whose tokens are to be renewed. */
export interface RenewalFacts {
  /** What the scorer last said. */
  readonly standing: Standing | undefined
  /** There if this process opened it, and so knows what was granted. */
  readonly session: HeldSession | undefined
  /** Whether its longest life is over, or its end is on its way. */
  readonly over: boolean
  readonly decisionsStaleMs: number
  readonly staleAfterMs: number
}

/**
 * Whether a session may have new tokens. A silent scorer is no reason to refuse: then its last decision stands and the
 * engines fail safe. A silent broker is: the session may be suspended by now.
 */
export const judgeRenewal = (facts: RenewalFacts): Answer<HeldSession> => {
  switch (facts.standing) {
    case undefined:
    case 'unknown':
      return refused(
        'SESSION_UNKNOWN',
        'session: expected the id of a session that was opened and decided on, got another',
      )
    case 'suspended':
      return facts.over
        ? ended
        : refused('SESSION_SUSPENDED', 'session: expected one in good standing, got a suspended one')
    case 'ended':
      return ended
    case 'trusted':
    case 'verify':
    case 'read_only':
      return facts.over ? ended : judgeUsable(facts)
  }
}

const ended = refused('SESSION_ENDED', 'session: expected an open one, got one that has ended')

const judgeUsable = (facts: RenewalFacts): Answer<HeldSession> => {
  if (facts.decisionsStaleMs > facts.staleAfterMs)
    return refused(
      'DECISIONS_STALE',
      `session decisions: expected some not older than ${facts.staleAfterMs} ms, got none for ${Math.round(facts.decisionsStaleMs)} ms`,
    )
  if (facts.session === undefined)
    return refused(
      'SESSION_NOT_HELD',
      'session: expected one that this identity process opened, got one from before its start; open another session',
    )
  return granted(facts.session)
}
