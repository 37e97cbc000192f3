import { readClientMessage } from '../core/mcp/client-message.ts'
import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../ports.ts'
import { forgotten, introduceAnew } from './introduce-anew.ts'
import { readText } from './read-answer.ts'

/** A session of MCP as a client on HTTP knows it, and the one that stands for it behind the proxy now. */
interface Lasting {
  readonly server: string
  readonly opening: string
  initialized: string | undefined
  id: string
  reopening: Promise<void> | undefined
}

/** The one that was used longest ago is forgotten first: its client is told what any client is told, and opens another one. */
const maxSessions = 256
/** What a client says of itself is short; where it is longer, it is not kept, and the session does not last. */
const maxOpening = 64 * 1024
const reopeningTimeoutMs = 60_000
const sessionHeader = 'mcp-session-id'

/**
 * Keeps the sessions of MCP (up to 2025-11-25) of clients on HTTP: where a server does not know one any more (404), most often because
 * another session of Cordon took the place of one that ended, the client is introduced anew, and what it sent goes there under the id that
 * it knows. Such a request was not carried out, so sending it again is safe.
 */
export const createLastingSessions = (upstream: Upstream): Upstream => {
  /** By the id that the client knows. */
  const sessions = new Map<string, Lasting>()

  const remember = (server: string, opening: string, answer: UpstreamAnswer): void => {
    const id = answer.headers[sessionHeader]
    if (answer.status !== 200 || id === undefined || opening.length > maxOpening) return
    sessions.set(id, { server, opening, initialized: undefined, id, reopening: undefined })
    if (sessions.size > maxSessions) sessions.delete(sessions.keys().next().value ?? '')
  }

  const knownTo = ({ server, headers }: UpstreamRequest): Lasting | undefined => {
    const id = headers[sessionHeader] ?? ''
    const session = sessions.get(id)
    if (session?.server !== server) return undefined
    sessions.delete(id)
    sessions.set(id, session)
    return session
  }

  const openAgain = async (session: Lasting, version: string | undefined): Promise<void> => {
    const { server } = session
    const signal = AbortSignal.timeout(reopeningTimeoutMs)
    const again = await introduceAnew(session, (headers, body) =>
      upstream.send({ server, method: 'POST', headers, body, signal }),
    )
    // The client goes on saying what it agreed on.
    if (again.id === undefined || (version !== undefined && again.version !== version))
      throw forgotten('one of another version')
    session.id = again.id
  }

  /** @returns whether there is another one behind the id of the client now; once for all who met the end of the one before */
  const isReopened = async (
    session: Lasting,
    usedId: string,
    version: string | undefined,
  ): Promise<boolean> => {
    if (session.id !== usedId) return true
    session.reopening ??= openAgain(session, version).finally(() => {
      session.reopening = undefined
    })
    try {
      await session.reopening
      return true
    } catch {
      // The client is told what the server said at first: it may open one by itself.
      return false
    }
  }

  const sendIn = async (session: Lasting, request: UpstreamRequest): Promise<UpstreamAnswer> => {
    const usedId = session.id
    const answer = await upstream.send(under(usedId, request))
    if (answer.status !== 404 || request.method === 'DELETE') return answer
    const said = await readText(answer)
    if (await isReopened(session, usedId, request.headers['mcp-protocol-version'])) {
      // Of the events of the one before nobody knows there.
      const { 'last-event-id': _forgotten, ...headers } = request.headers
      return upstream.send(under(session.id, { ...request, headers }))
    }
    return { ...answer, body: bytesOf(said) }
  }

  return {
    send: async request => {
      const { server, method, headers, body = '' } = request
      const message = method === 'POST' ? readClientMessage(body) : undefined
      const session = knownTo(request)
      if (session === undefined) {
        const answer = await upstream.send(request)
        if (message?.kind === 'request' && message.method === 'initialize') remember(server, body, answer)
        return answer
      }
      const id = headers[sessionHeader] ?? ''
      if (message?.kind === 'notification' && message.method === 'notifications/initialized') {
        if (body.length > maxOpening) sessions.delete(id)
        else session.initialized = body
      }
      const answer = await sendIn(session, request)
      if (method === 'DELETE') sessions.delete(id)
      return sessionHeader in answer.headers
        ? { ...answer, headers: { ...answer.headers, [sessionHeader]: id } }
        : answer
    },
  }
}

const under = (id: string, request: UpstreamRequest): UpstreamRequest => ({
  ...request,
  headers: { ...request.headers, [sessionHeader]: id },
})

const bytesOf = async function* (text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text)
}
