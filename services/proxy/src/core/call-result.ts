import { isJsonObject } from './json-rpc.ts'
import type { RpcResponse } from './json-rpc.ts'

/** How a call ended, by its response. */
export const outcomeOf = ({ result, error }: RpcResponse): 'ok' | 'error' =>
  error !== undefined || !isJsonObject(result) || result['isError'] === true ? 'error' : 'ok'

/** The task that goes on after this response (MCP 2025-11-25, tasks): the call's result comes later, by `tasks/result`. */
export const startedTask = ({ result }: RpcResponse): string | undefined => {
  const task = isJsonObject(result) ? result['task'] : undefined
  const taskId = isJsonObject(task) ? task['taskId'] : undefined
  return typeof taskId === 'string' ? taskId : undefined
}
