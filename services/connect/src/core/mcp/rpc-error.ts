import { CordonError } from '@cordon/foundation'

import { isJsonObject, parseJson } from './client-message.ts'

/** Beside those of the proxy (-32010 to -32013): a request did not get through to it, or its answer not back. */
const unreachedCode = -32_014
const parseErrorCode = -32_700

/** What a client gets in place of an answer: an error that its human can read, and its program can tell. */
export const errorAnswer = (id: string | number | null, error: unknown): string => {
  const known = error instanceof CordonError ? error : undefined
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    error: {
      code: unreachedCode,
      message: `Cordon: ${known?.message ?? 'expected to carry the request to the proxy, got a fault of the shim'}`,
      data: {
        'cordon/connect': { code: known?.code ?? 'INTERNAL_FAULT', retryable: known?.retryable ?? false },
      },
    },
  })
}

/** To what is no message, whose id nobody knows. */
export const unreadableAnswer = (): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: null,
    error: { code: parseErrorCode, message: 'line: expected one JSON-RPC message, got other text' },
  })

/**
 * An answer with a status of 400 or more, as one that ends the request: what the proxy says under the id of the request, or what there is
 * to say about the status.
 */
export const refusalAnswer = (id: string | number, status: number, body: string): string => {
  const value = parseJson(body)
  if (isJsonObject(value) && isJsonObject(value['error'])) return JSON.stringify({ ...value, id })
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    error: {
      code: unreachedCode,
      message: `Cordon: the proxy answered with status ${status}`,
      data: { 'cordon/connect': { code: 'PROXY_REFUSED', status, retryable: status >= 500 } },
    },
  })
}
