import type { InvocationId } from '@cordon/foundation'

import type { OutcomeReport } from './messages.ts'

/** How a call ended that came to nothing worth remembering. */
export const outcomeOf = (invocationId: InvocationId): OutcomeReport => ({
  type: 'outcome',
  invocationId,
  outcome: 'ok',
  resultBytes: 0,
  resultDigest: '00'.repeat(32),
  entities: [],
  entitiesOverflow: false,
  wording: '',
})
