import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

import type { Fault } from '../core/fault.ts'
import type { HttpServer } from '../core/tool-server.ts'
import type { HttpAnswer, HttpServers } from '../ports.ts'
import { descriptorLimit } from './descriptor-limit.ts'
import { brokenOff, createHttpAnswer } from './http-answer.ts'
import { createTurnBudgets } from './turn-budget.ts'

/** Below the 5 s after which Node and many other servers close an idle connection: a call is never sent into a closing one. */
const idleConnectionMs = 4_000

/**
 * To one server; what comes beyond waits, as long as its call may. Of what this process may have open, so that one server
 * leaves some of it to the others.
 */
const maxSockets = Math.min(2_048, Math.floor(descriptorLimit() / 8))

const agentOptions = {
  maxSockets,
  keepAlive: true,
  maxFreeSockets: 256,
  scheduling: 'lifo',
  timeout: idleConnectionMs,
} as const

/** How requests to one server are made. */
interface Target {
  /** What they name as `Host`. */
  readonly host: string
  readonly options: RequestOptions
  readonly send: typeof httpRequest
}

export interface ClosableHttpServers extends HttpServers {
  close(): void
}

/** HTTP to tool servers, over connections that are kept. Redirects are not followed, nothing is sent twice. */
export const createHttpServers = (maxMessageBytes: number): ClosableHttpServers => {
  const httpAgent = new HttpAgent(agentOptions)
  const httpsAgent = new HttpsAgent(agentOptions)
  const budgetOf = createTurnBudgets()
  const targets = new WeakMap<HttpServer, Target>()

  const targetOf = (server: HttpServer): Target => {
    let target = targets.get(server)
    if (target === undefined) {
      const { protocol, host, hostname, port, pathname, search } = new URL(server.url)
      const options = {
        protocol,
        // An IPv6 address stands in brackets in a URL only.
        hostname: hostname.replaceAll(/^\[|\]$/g, ''),
        port,
        path: pathname + search,
        agent: protocol === 'https:' ? httpsAgent : httpAgent,
      }
      target = { host, options, send: protocol === 'https:' ? httpsRequest : httpRequest }
      targets.set(server, target)
    }
    return target
  }

  return {
    send({ server, method, headers, body, timeoutMs }) {
      const target = targetOf(server)
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
      // All names in lower case, so that none is there twice.
      const named = {
        host: target.host,
        ...server.headers,
        ...headers,
        ...length,
        'accept-encoding': 'identity',
      }
      // As a list Node writes them at once, where it keeps those of an object first, each by itself.
      const request = target.send({ ...target.options, method, headers: Object.entries(named).flat() })
      const answer = new Promise<HttpAnswer | Fault>(resolve => {
        request.once('response', response =>
          resolve(createHttpAnswer(response, maxMessageBytes, budgetOf(server))),
        )
        // Without a listener Node hangs up without a word.
        request.once('upgrade', (_response, socket) => {
          socket.destroy()
          resolve(upgraded)
        })
        request.on('error', error => resolve(unreachable(error)))
        request.once('close', () => resolve(brokenOff))
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

const upgraded: Fault = {
  kind: 'malformed',
  detail: 'expected an answer, got another protocol (status 101)',
}

const unreachable = (error: Error): Fault => ({
  kind: 'unreachable',
  detail: `expected to reach it, got ${'code' in error ? String(error.code) : error.name}`,
})
