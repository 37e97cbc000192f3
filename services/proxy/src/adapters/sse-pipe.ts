import type { Fault } from '../core/fault.ts'
import type { HttpServer, SseServer } from '../core/tool-server.ts'
import type { HttpExchange, HttpServers, PipeListener, ServerPipe } from '../ports.ts'
import { garbled } from './http-answer.ts'

/** For a server that only has to take note of a message, and to begin its stream. */
const briefTimeoutMs = 30_000

/** Of messages that wait for the server to take those before them. */
export interface SsePipeOptions {
  readonly servers: HttpServers
  readonly maxWaitingBytes: number
}

/**
 * A server of MCP 2024-11-05 over HTTP: one stream on which everything comes, and an address, named by its first event,
 * that takes what is said. To the proxy that is a pipe. Messages go one after the other, as a pipe has them.
 */
export const openSsePipe = (
  server: SseServer,
  listener: PipeListener,
  { servers, maxWaitingBytes }: SsePipeOptions,
): ServerPipe => {
  const endpoint = Promise.withResolvers<HttpServer | undefined>()
  let waitingBytes = 0
  let sent: Promise<unknown> = endpoint.promise
  let resume = (): void => undefined
  let isPaused = false
  let isOver = false

  const leave = (fault: Fault): void => {
    if (isOver) return
    isOver = true
    endpoint.resolve(undefined)
    stream.abort()
    listener.onGone(fault)
  }

  const post = async (text: string): Promise<void> => {
    const target = await endpoint.promise
    if (target === undefined || isOver) return
    const headers = { 'content-type': 'application/json' }
    const call = { server: target, method: 'POST', headers, body: text, timeoutMs: briefTimeoutMs } as const
    const answer = await servers.send(call).answer
    if (!('status' in answer)) return leave(answer)
    answer.discard()
    if (answer.status >= 300) leave(notTaken(answer.status))
  }

  const take = ({ event = 'message', data }: { event?: string; data: string }): void => {
    if (event === 'message') return listener.onLine(data)
    if (event !== 'endpoint') return
    const url = URL.parse(data, server.url)
    // Elsewhere the server's credentials have no business.
    if (url?.origin !== new URL(server.url).origin) return leave(noEndpoint)
    endpoint.resolve({ transport: 'http', url: url.href, headers: server.headers })
  }

  const read = async ({ answer: head }: HttpExchange): Promise<void> => {
    const answer = await head
    if (!('status' in answer)) return leave(answer)
    if (answer.status !== 200 || answer.mediaType !== 'text/event-stream') {
      answer.discard()
      return leave(noStream)
    }
    resume = () => answer.resume()
    answer.events({
      take(event) {
        take(event)
        return !isPaused
      },
      over: fault => leave(fault === garbled ? garbled : ended),
    })
  }

  const target: HttpServer = { ...server, transport: 'http' }
  const headers = { accept: 'text/event-stream' }
  const stream = servers.send({ server: target, method: 'GET', headers, timeoutMs: briefTimeoutMs })
  void read(stream)

  return {
    send(text) {
      if (isOver) return true
      if (waitingBytes > maxWaitingBytes) return false
      waitingBytes += text.length
      sent = sent.then(() => post(text)).finally(() => (waitingBytes -= text.length))
      return true
    },
    pause: () => void (isPaused = true),
    resume() {
      isPaused = false
      resume()
    },
    end() {
      isOver = true
      endpoint.resolve(undefined)
      stream.abort()
      return Promise.resolve()
    },
  }
}

const ended: Fault = {
  kind: 'crashed',
  detail: 'it ended its stream before it answered; initialize again to open another',
}

const noStream: Fault = {
  kind: 'malformed',
  detail: 'expected an event stream (MCP 2024-11-05), got another answer',
}

const noEndpoint: Fault = {
  kind: 'malformed',
  detail: 'expected an endpoint at the server itself, got one elsewhere',
}

const notTaken = (status: number): Fault => ({
  kind: 'failed',
  detail: `expected it to take a message, got status ${status}`,
})
