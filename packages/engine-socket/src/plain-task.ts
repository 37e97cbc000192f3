import { isJsonObject } from '@cordon/foundation'

/** How a call asks to go on as a task, where it says nothing else by it: as clients of the official SDK do (MCP 2025-11-25, tasks; `TaskCreationParams`). */
export interface PlainTask {
  /** Milliseconds that its server is to keep it; `null` is for ever. */
  readonly ttl?: number | null
  /** Milliseconds between two looks at it. */
  readonly pollInterval?: number
}

/** @param value what a call says as its `task`: the agent's to write, so that more in it is data */
export const isPlainTask = (value: unknown): value is PlainTask => {
  if (!isJsonObject(value)) return false
  const { ttl, pollInterval, ...others } = value
  for (const _name in others) return false
  return (ttl === null || isDuration(ttl)) && isDuration(pollInterval)
}

/** @returns also where there is none */
const isDuration = (value: unknown): boolean =>
  value === undefined || (typeof value === 'number' && Number.isFinite(value))
