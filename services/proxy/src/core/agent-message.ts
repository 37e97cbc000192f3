import { hasOnly } from './has-only.ts'
import { classifyMessage, isJsonObject } from './json-rpc.ts'
import type { RpcFault, RpcMessage } from './json-rpc.ts'

const members: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error'])

/** Says what a parsed JSON value of an agent is; what JSON-RPC does not define is no part of a message that is forwarded. */
export const classifyAgentMessage = (value: unknown): RpcMessage | RpcFault => {
  const message = classifyMessage(value)
  if (message.kind === 'fault' || (isJsonObject(value) && hasOnly(value, members))) return message
  const id = message.kind === 'request' ? message.id : undefined
  return { kind: 'fault', problem: 'expected only members of JSON-RPC 2.0, got another one', id }
}
