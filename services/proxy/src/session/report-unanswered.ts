import type { OutcomeReport } from '@cordon/engine-socket'
import type { InvocationId } from '@cordon/foundation'

import type { Engine, ResultReader } from '../ports.ts'

/** Reports how a call ended that is on record, and of whose result its agent gets nothing. @param invocationId absent where nothing is on record */
export const reportUnanswered = (
  { engine, results }: { readonly engine: Pick<Engine, 'reportOutcome'>; readonly results: ResultReader },
  invocationId: InvocationId | undefined,
  outcome: OutcomeReport['outcome'],
): void => {
  if (invocationId !== undefined)
    engine.reportOutcome(() => ({ invocationId, outcome, ...results.read('', undefined) }))
}
