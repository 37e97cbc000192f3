import { isJsonObject } from '@cordon/foundation'

/** How a call asks to go on as a task (MCP 2025-11-25, tasks), where it says nothing else by it. */
export interface PlainTask {
  /** Milliseconds. */
  readonly ttl?: number
}

/** @param value what a call says as its `task`: the agent's to write, so that more in it is data */
export const isPlainTask = (value: unknown): value is PlainTask => {
  if (!isJsonObject(value)) return false
  const { ttl, ...others } = value
  for (const _name in others) return false
  return ttl === undefined || (typeof ttl === 'number' && Number.isFinite(ttl))
}
