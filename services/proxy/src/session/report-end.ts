import type { OutcomeReport } from '@cordon/engine-socket'
import type { InvocationId } from '@cordon/foundation'

import type { ProxyEvents } from '../events.ts'
import type { Engine, ResultReader } from '../ports.ts'

export interface EndParts {
  readonly engine: Pick<Engine, 'reportOutcome'>
  readonly results: ResultReader
  readonly events: Pick<ProxyEvents, 'callEnded'>
}

/** What the agent gets of a response. */
export interface Told {
  /** The message. */
  readonly text: string
  readonly result: unknown
}

/**
 * The end of a call that the engine let pass, forwarded or not, by whichever generation of MCP it came: counted and reported together,
 * so that the metric and the log say the same. Whoever calls it has taken the call away from where others could end it again.
 * @param invocationId absent where nothing is on record
 * @param told absent where its agent gets nothing of a result
 */
export const reportEnd = (
  { engine, results, events }: EndParts,
  invocationId: InvocationId | undefined,
  outcome: OutcomeReport['outcome'],
  told: Told = nothing,
): void => {
  if (invocationId === undefined) return
  events.callEnded(outcome)
  engine.reportOutcome(() => ({ invocationId, outcome, ...results.read(told.text, told.result) }))
}

const nothing: Told = { text: '', result: undefined }
