import { isJsonObject, type JsonObject } from '@cordon/foundation'

export { isJsonObject, type JsonObject }

/** A message of an MCP client, as far as it matters here; what is sent on is its text. */
export type ClientMessage =
  | {
      readonly kind: 'request'
      readonly id: string | number
      readonly method: string
      readonly params: JsonObject
      readonly text: string
    }
  | {
      readonly kind: 'notification'
      readonly method: string
      readonly params: JsonObject
      readonly text: string
    }
  | { readonly kind: 'response'; readonly text: string }

export type ClientRequest = Extract<ClientMessage, { kind: 'request' }>

/** @returns `undefined` where the text is no JSON object that JSON-RPC knows */
export const readClientMessage = (text: string): ClientMessage | undefined => {
  const value = parseJson(text)
  if (!isJsonObject(value)) return undefined
  const { id, method, params } = value
  if (typeof method !== 'string')
    return 'result' in value || 'error' in value ? { kind: 'response', text } : undefined
  const known = isJsonObject(params) ? params : {}
  if (id === undefined) return { kind: 'notification', method, params: known, text }
  if (typeof id !== 'string' && typeof id !== 'number') return undefined
  return { kind: 'request', id, method, params: known, text }
}

export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // Whoever asks says what it expected.
    return undefined
  }
}
