import type { VouchRequest } from '@cordon/engine-socket'
import { mcpCallOf } from '@cordon/tokens'

import { isJsonObject } from './json-rpc.ts'
import type { JsonObject } from './json-rpc.ts'

/** What is said to a server without a request of an agent's, as the engine is asked about it. */
export interface OwnMessage extends Pick<VouchRequest, 'content' | 'saidAs'> {
  /** Of the message, `answer` for one that has none, or `GET` and `DELETE`. */
  readonly method: string
}

/** @param text a message that the proxy wrote */
export const ownMessageOf = (text: string): OwnMessage => {
  const { method, content } = mcpCallOf(JSON.parse(text) as JsonObject)
  return { method, ...(isJsonObject(content) && { content }) }
}
