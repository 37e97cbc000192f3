import { type Call, table } from './session-log.ts'

export const query = (...tables: readonly string[]): Call => ({
  tool: 'db/query',
  resources: tables.map(table),
})
export const read: Call = { tool: 'fs/read', sensitivity: 1 }
export const write: Call = { tool: 'fs/write', sensitivity: 2, readOnly: false, mode: 'gate' }
/** What the agent of these tests always does. */
export const usual: readonly Call[] = [read, query('orders', 'customers'), query('orders'), write]
/** Weights under which no signal says anything. */
export const silent: Readonly<Record<string, number>> = {
  tool: 0,
  resource: 0,
  rate: 0,
  provenance: 0,
  failures: 0,
  integrity: 0,
  argument: 0,
  volume: 0,
}
