import { CordonError } from '@cordon/foundation'

import type { ConnectErrorCode } from '../core/error-code.ts'
import { isJsonObject, parseJson } from '../core/mcp/client-message.ts'
import type { UpstreamAnswer } from '../ports.ts'
import { readAnswer, readRefusal } from './read-answer.ts'
import { postHeaders, type Way } from './way.ts'

/** A session of MCP (2025-11-25) with a server, and how it was opened, so that it can be opened anew. */
export interface McpSession {
  readonly id: string | undefined
  readonly isOpen: boolean
  open(initialize: string, signal: AbortSignal): Promise<UpstreamAnswer>
  readonly agreed: (version: string) => void
  /** The client's `notifications/initialized`. */
  introduced(text: string): void
  post(text: string, signal: AbortSignal): Promise<UpstreamAnswer>
  get(signal: AbortSignal, lastEventId?: string): Promise<UpstreamAnswer>
  /**
   * After the server forgot it: says again what the client said at first.
   * @param forgottenId its id then
   * @returns false where somebody else has seen to it
   */
  reopen(forgottenId: string): Promise<boolean>
  close(): Promise<void>
}

/** The id of a request that the client does not know of. */
const reopeningId = 'cordon-connect'
const endTimeoutMs = 1_000

export const createMcpSession = ({ server, upstream, closed }: Way): McpSession => {
  let id: string | undefined
  let version: string | undefined
  let opening: string | undefined
  let introduction: string | undefined
  let reopening: Promise<void> | undefined

  const own = (): Record<string, string> => ({
    ...(id !== undefined && { 'mcp-session-id': id }),
    ...(version !== undefined && { 'mcp-protocol-version': version }),
  })

  const send = (
    method: 'POST' | 'GET' | 'DELETE',
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    body?: string,
  ): Promise<UpstreamAnswer> =>
    upstream.send({
      server,
      method,
      headers: { ...headers, ...own() },
      signal,
      ...(body !== undefined && { body }),
    })

  const open = async (text: string, signal: AbortSignal): Promise<UpstreamAnswer> => {
    id = undefined
    version = undefined
    const answer = await send('POST', postHeaders, signal, text)
    id = answer.headers['mcp-session-id']
    return answer
  }

  const openAgain = async (forgottenId: string): Promise<void> => {
    try {
      await introduceAnew()
    } catch (error) {
      // Without an id nothing would be told any more that the server forgot it.
      id = forgottenId
      throw error
    }
  }

  const introduceAnew = async (): Promise<void> => {
    if (opening === undefined) throw forgotten('a client that never opened one')
    const answer = await open(JSON.stringify({ ...toObject(opening), id: reopeningId }), closed)
    if (answer.status >= 300) throw forgotten(`status ${answer.status}: ${await readRefusal(answer)}`)
    const { response } = await readAnswer(answer, reopeningId, () => Promise.resolve())
    const result = response?.['result']
    const again = isJsonObject(result) ? result['protocolVersion'] : undefined
    if (typeof again !== 'string') throw forgotten('a server that does not open another one')
    version = again
    if (introduction !== undefined) await readRefusal(await send('POST', postHeaders, closed, introduction))
  }

  return {
    get id() {
      return id
    },
    get isOpen() {
      return opening !== undefined
    },
    open: (text, signal) => {
      opening = text
      return open(text, signal)
    },
    agreed: agreedVersion => {
      version = agreedVersion
    },
    introduced: text => {
      introduction = text
    },
    post: (text, signal) => send('POST', postHeaders, signal, text),
    get: (signal, lastEventId) =>
      send(
        'GET',
        { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
        signal,
      ),
    reopen: async forgottenId => {
      const isFirst = reopening === undefined && id === forgottenId
      if (isFirst)
        reopening = openAgain(forgottenId).finally(() => {
          reopening = undefined
        })
      await reopening
      return isFirst
    },
    close: async () => {
      if (id === undefined) return
      try {
        await readRefusal(await send('DELETE', {}, AbortSignal.timeout(endTimeoutMs)))
      } catch {
        // It ends by itself where nobody uses it.
      }
    },
  }
}

const toObject = (text: string): object => {
  const value = parseJson(text)
  return isJsonObject(value) ? value : {}
}

const forgotten = (got: string): CordonError<ConnectErrorCode> =>
  new CordonError('ANSWER_LOST', `server: expected a session of MCP that goes on, got ${got}`)
