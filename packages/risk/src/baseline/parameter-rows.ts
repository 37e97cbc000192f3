import type { JsonField } from './json-field.ts'

/** What is counted of one parameter: `slotKey`, uses, distinct values ever, uses of values out of running text. */
export type ParameterRow = readonly [slot: number, draws: number, distinct: number, fromText: number]

/** Documents that were written before the last was counted have three. @throws RiskError `BASELINES_MALFORMED` */
export const parseParameters = (parameters: JsonField): ParameterRow[] =>
  parameters.list(row => {
    const isOld = row.hasLength(3)
    const item = (position: number): JsonField => row.item(position, isOld ? 3 : 4)
    return [item(0).key(), item(1).count(), item(2).count(), isOld ? 0 : item(3).count()] as const
  })
