import type { UpstreamAnswer } from '../ports.ts'
import { forgotten, introduceAnew } from './introduce-anew.ts'
import { readText } from './read-answer.ts'
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

  const openAgain = async (): Promise<void> => {
    if (opening === undefined) throw forgotten('a client that never opened one')
    const again = await introduceAnew({ opening, initialized: introduction }, (headers, body) =>
      upstream.send({ server, method: 'POST', headers, body, signal: closed }),
    )
    // Only now: where it failed the server is told the old one again, and says again that it forgot it.
    id = again.id
    version = again.version
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
        reopening = openAgain().finally(() => {
          reopening = undefined
        })
      await reopening
      return isFirst
    },
    close: async () => {
      if (id === undefined) return
      try {
        await readText(await send('DELETE', {}, AbortSignal.timeout(endTimeoutMs)))
      } catch {
        // It ends by itself where nobody uses it.
      }
    },
  }
}
