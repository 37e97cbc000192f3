import { isJsonObject, type JsonObject } from '@cordon/foundation'

export { isJsonObject, type JsonObject }

/** MCP allows no null and no fraction. */
export type RequestId = string | number

export interface RpcRequest {
  readonly kind: 'request'
  readonly id: RequestId
  readonly method: string
  /** Empty where the message has none. */
  readonly params: JsonObject
}

export interface RpcNotification {
  readonly kind: 'notification'
  readonly method: string
  readonly params: JsonObject
}

export interface RpcResponse {
  readonly kind: 'response'
  /** Absent where the other side could not read the id that it answers. */
  readonly id: RequestId | undefined
  readonly result: unknown
  /** Present where there is no result. */
  readonly error: unknown
}

/** What is no message of JSON-RPC 2.0 as MCP uses it. */
export interface RpcFault {
  readonly kind: 'fault'
  /** Expected and got; never a value of the message. */
  readonly problem: string
  /** The id that an error can be addressed to, where there is one. */
  readonly id: RequestId | undefined
}

export type RpcMessage = RpcRequest | RpcNotification | RpcResponse

/** Says what a parsed JSON value is. What could be read as two kinds of message is neither. */
export const classifyMessage = (value: unknown): RpcMessage | RpcFault => {
  if (!isJsonObject(value)) {
    return fault(
      Array.isArray(value)
        ? 'expected a single message, got a batch'
        : 'expected a JSON object, got another value',
    )
  }
  const id = isRequestId(value['id']) ? value['id'] : undefined
  if (value['jsonrpc'] !== '2.0') return fault('jsonrpc: expected "2.0", got another value', id)
  const answers = Object.hasOwn(value, 'result') || Object.hasOwn(value, 'error')
  if (Object.hasOwn(value, 'method')) {
    return answers ? fault('expected a method or a result, got both', id) : classifyCall(value, id)
  }
  if (!answers) return fault('expected a method, a result or an error, got none of them', id)
  if (Object.hasOwn(value, 'result') && Object.hasOwn(value, 'error')) {
    return fault('expected a result or an error, got both', id)
  }
  return { kind: 'response', id, result: value['result'], error: value['error'] }
}

const classifyCall = (value: JsonObject, id: RequestId | undefined): RpcMessage | RpcFault => {
  const { method, params = noParams } = value
  if (typeof method !== 'string' || method === '')
    return fault('method: expected a name, got another value', id)
  if (!isJsonObject(params)) return fault('params: expected an object, got another value', id)
  if (!Object.hasOwn(value, 'id')) return { kind: 'notification', method, params }
  if (id === undefined) return fault('id: expected a string or a whole number, got another value')
  return { kind: 'request', id, method, params }
}

const isRequestId = (value: unknown): value is RequestId =>
  typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value))

const fault = (problem: string, id?: RequestId): RpcFault => ({ kind: 'fault', problem, id })

const noParams: JsonObject = {}
