import { hasOnly } from './has-only.ts'
import { isJsonObject } from './json-rpc.ts'
import type { RpcResponse } from './json-rpc.ts'

/** How a call ended, by its response. */
export const outcomeOf = ({ result, error }: RpcResponse): 'ok' | 'error' =>
  error !== undefined || !isJsonObject(result) || result['isError'] === true ? 'error' : 'ok'

/**
 * The task that goes on after this response (MCP 2025-11-25, tasks): the call's result comes later, by `tasks/result`. What
 * says anything besides is a result, whatever else it names.
 */
export const startedTask = ({ result }: RpcResponse): string | undefined => {
  const task = isJsonObject(result) && hasOnly(result, taskMembers) ? result['task'] : undefined
  const taskId = isJsonObject(task) ? task['taskId'] : undefined
  return typeof taskId === 'string' ? taskId : undefined
}

const taskMembers: ReadonlySet<string> = new Set(['task', '_meta'])
