import { CordonError } from '@cordon/foundation'

import type { ConnectErrorCode } from '../core/error-code.ts'
import { isJsonObject, parseJson } from '../core/mcp/client-message.ts'
import type { UpstreamAnswer } from '../ports.ts'
import { readAnswer, readText } from './read-answer.ts'
import { postHeaders } from './way.ts'

/** The id of a request that the client does not know of. */
const reopeningId = 'cordon-connect'

/** What a client said when it opened its session of MCP. */
export interface Introduction {
  /** Its `initialize`. */
  readonly opening: string
  /** Its `notifications/initialized`, where it came to that. */
  readonly initialized: string | undefined
}

/**
 * Says to a server that forgot a client what that said at first (MCP 2025-11-25, §Session Management). What it had subscribed to is not said.
 * @returns the new session, and the version that it agreed on
 * @throws ConnectError `ANSWER_LOST` where the server opens none
 */
export const introduceAnew = async (
  { opening, initialized }: Introduction,
  post: (headers: Readonly<Record<string, string>>, body: string) => Promise<UpstreamAnswer>,
): Promise<{ readonly id: string | undefined; readonly version: string }> => {
  const first = parseJson(opening)
  const body = JSON.stringify({ ...(isJsonObject(first) ? first : {}), id: reopeningId })
  const answer = await post(postHeaders, body)
  if (answer.status >= 300) throw forgotten(`status ${answer.status}: ${await readText(answer)}`)
  const id = answer.headers['mcp-session-id']
  const { response } = await readAnswer(answer, reopeningId, () => Promise.resolve())
  const result = response?.['result']
  const version = isJsonObject(result) ? result['protocolVersion'] : undefined
  if (typeof version !== 'string') throw forgotten('a server that does not open another one')
  if (initialized !== undefined) {
    const own = { ...(id !== undefined && { 'mcp-session-id': id }), 'mcp-protocol-version': version }
    await readText(await post({ ...postHeaders, ...own }, initialized))
  }
  return { id, version }
}

export const forgotten = (got: string): CordonError<ConnectErrorCode> =>
  new CordonError('ANSWER_LOST', `server: expected a session of MCP that goes on, got ${got}`)
