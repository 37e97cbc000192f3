import type { SessionId } from '@cordon/foundation'
import type { Standing } from '@cordon/schemas'

import { decisionOf, sessionId, startAt, verifier } from './session-fixture.ts'
import type { DecisionTable, Moment, TableRecord } from './core/decision-table.ts'
import { createDecisionTable } from './core/decision-table.ts'

export const decided = (version: number, standing: Standing = 'trusted'): TableRecord => ({
  type: 'decision',
  decision: decisionOf(standing, { version }),
})
export const tombstone: TableRecord = { type: 'tombstone' }
export const unreadable: TableRecord = { type: 'unreadable' }

/** A moment of an engine whose clock nobody sets. */
export const at = (milliseconds: number): Moment => ({ wall: milliseconds, steady: milliseconds })

export interface OpenTable {
  readonly table: DecisionTable
  readonly forgotten: readonly SessionId[]
  /** What the record changed. Of the one session, on its partition. */
  readonly apply: (record: TableRecord) => string
  /** `<standing> <version>` of the one session. */
  readonly held: () => string | undefined
}

export const openTable = (maxOrphans?: number): OpenTable => {
  const forgotten: SessionId[] = []
  const table = createDecisionTable({
    verifier,
    onForgotten: session => forgotten.push(session),
    ...(maxOrphans !== undefined && { maxOrphans }),
  })
  return {
    table,
    forgotten,
    apply: record => table.apply(3, sessionId, record, at(startAt)),
    held() {
      const decision = table.find(sessionId)?.decision
      return decision && `${decision.standing} ${decision.version}`
    },
  }
}
