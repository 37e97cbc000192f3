import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

import type { Fault } from '../core/fault.ts'
import type { HttpServer } from '../core/tool-server.ts'
import type { HttpAnswer, HttpServers } from '../ports.ts'
import { createHttpAnswer } from './http-answer.ts'

/** Below the 5 s after which Node and many other servers close an idle connection: a call is never sent into a closing one. */
const idleConnectionMs = 4_000

const agentOptions = {
  keepAlive: true,
  maxFreeSockets: 256,
  scheduling: 'lifo',
  timeout: idleConnectionMs,
} as const

export interface ClosableHttpServers extends HttpServers {
  close(): void
}

/** HTTP to tool servers, over connections that are kept. Redirects are not followed, nothing is sent twice. */
export const createHttpServers = (maxMessageBytes: number): ClosableHttpServers => {
  const httpAgent = new HttpAgent(agentOptions)
  const httpsAgent = new HttpsAgent(agentOptions)
  const targets = new WeakMap<HttpServer, RequestOptions>()

  const targetOf = (server: HttpServer): RequestOptions => {
    let target = targets.get(server)
    if (target === undefined) {
      const { protocol, hostname, port, pathname, search } = new URL(server.url)
      target = {
        protocol,
        // An IPv6 address stands in brackets in a URL only.
        hostname: hostname.replaceAll(/^\[|\]$/g, ''),
        port,
        path: pathname + search,
        agent: protocol === 'https:' ? httpsAgent : httpAgent,
      }
      targets.set(server, target)
    }
    return target
  }

  return {
    send({ server, method, headers, body, timeoutMs }) {
      const target = targetOf(server)
      const send = target.protocol === 'https:' ? httpsRequest : httpRequest
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
      const request = send({
        ...target,
        method,
        headers: {
          ...server.headers,
          ...headers,
          ...length,
          'accept-encoding': 'identity',
        },
      })
      const answer = new Promise<HttpAnswer | Fault>(resolve => {
        request.once('response', response => resolve(createHttpAnswer(response, maxMessageBytes)))
        request.on('error', error => resolve(unreachable(error)))
        if (timeoutMs !== undefined) {
          const timer = setTimeout(() => request.destroy(), timeoutMs)
          request.once('response', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
        }
      })
      request.end(body)
      return { answer, abort: () => void request.destroy() }
    },
    close() {
      httpAgent.destroy()
      httpsAgent.destroy()
    },
  }
}

const unreachable = (error: Error): Fault => ({
  kind: 'unreachable',
  detail: `expected to reach it, got ${'code' in error ? String(error.code) : error.name}`,
})
