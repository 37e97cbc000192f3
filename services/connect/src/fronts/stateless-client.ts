import type { ClientMessage, ClientRequest } from '../core/mcp/client-message.ts'
import { createParamHeaders } from '../core/mcp/param-headers.ts'
import { errorAnswer, refusalAnswer } from '../core/mcp/rpc-error.ts'
import { statelessHeaders } from '../core/mcp/stateless-headers.ts'
import { readAnswer, readText } from './read-answer.ts'
import { unanswered } from './unanswered.ts'
import { postHeaders, type Way } from './way.ts'

/** MCP 2026-07-28: each message is a request of its own, and its headers are made from its body. */
export interface StatelessClient {
  send(message: Exclude<ClientMessage, { kind: 'response' }> | ClientMessage): Promise<void>
  isUsed(): boolean
}

export const createStatelessClient = (way: Way): StatelessClient => {
  const { server, upstream, output, faults, closed } = way
  const params = createParamHeaders()
  const open = new Map<string | number, AbortController>()
  let used = false

  const request = async (message: ClientRequest): Promise<void> => {
    const { id } = message
    const cancelled = new AbortController()
    open.set(id, cancelled)
    const signal = AbortSignal.any([cancelled.signal, closed])
    try {
      const headers = { ...postHeaders, ...statelessHeaders(message), ...params.of(message) }
      const answer = await upstream.send({ server, method: 'POST', headers, body: message.text, signal })
      if (answer.status >= 300) {
        const refusal = refusalAnswer(id, answer.status, await readText(answer))
        return await output.write(refusal)
      }
      const { response, broken } = await readAnswer(answer, id, text => output.write(text))
      if (signal.aborted) return
      if (response === undefined) return await output.write(errorAnswer(id, unanswered(broken)))
      if (message.method === 'tools/list') params.learn(response['result'])
    } catch (error) {
      if (!signal.aborted) await output.write(errorAnswer(id, error))
    } finally {
      if (open.get(id) === cancelled) open.delete(id)
    }
  }

  const notify = async (message: Extract<ClientMessage, { kind: 'notification' }>): Promise<void> => {
    if (message.method === 'notifications/cancelled') {
      // On HTTP closing the stream is what cancels; there is no message for it.
      const id = message.params['requestId']
      if (typeof id === 'string' || typeof id === 'number') open.get(id)?.abort()
      return
    }
    try {
      const headers = { ...postHeaders, ...statelessHeaders(message) }
      const answer = await upstream.send({
        server,
        method: 'POST',
        headers,
        body: message.text,
        signal: closed,
      })
      await readText(answer)
    } catch (error) {
      if (!closed.aborted) faults.notificationLost(error)
    }
  }

  return {
    isUsed: () => used,
    send: async message => {
      used = true
      if (message.kind === 'request') return request(message)
      if (message.kind === 'notification') return notify(message)
      // Nobody asks anything in this era.
    },
  }
}
