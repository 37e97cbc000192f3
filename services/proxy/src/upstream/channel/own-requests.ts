import type { Fault } from '../../core/fault.ts'
import type { JsonObject, RequestId, RpcResponse } from '../../core/json-rpc.ts'
import type { Timers } from '../../ports.ts'
import type { ForwardedHeaders } from '../upstream.ts'
import type { Channel } from './channel.ts'

/** What the proxy asks a server for itself. */
export interface OwnRequests {
  /** Never rejects. */
  ask(question: OwnQuestion): Promise<RpcResponse | Fault>
  /** @returns whether it was the answer to one */
  answer(response: RpcResponse): boolean
  /** @returns whether it was one */
  fail(id: RequestId, fault: Fault): boolean
  failAll(fault: Fault): void
  /** Everything that is asked from now on fails too. */
  close(fault: Fault): void
}

export interface OwnQuestion {
  readonly channel: Channel
  readonly method: string
  readonly params: JsonObject
  readonly headers: ForwardedHeaders
  readonly timeoutMs: number
}

/** @param newId unguessable: an agent in a session names its requests itself */
export const createOwnRequests = (timers: Timers, newId: () => string): OwnRequests => {
  const open = new Map<RequestId, (answer: RpcResponse | Fault) => void>()
  let closed: Fault | undefined

  const settle = (id: RequestId, answer: RpcResponse | Fault): boolean => {
    open.get(id)?.(answer)
    return open.delete(id)
  }

  const failAll = (fault: Fault): void => {
    for (const id of open.keys()) settle(id, fault)
  }

  return {
    ask({ channel, method, params, headers, timeoutMs }) {
      if (closed !== undefined) return Promise.resolve(closed)
      const id = newId()
      return new Promise(resolve => {
        const timer = timers.after(timeoutMs, () => {
          settle(id, {
            kind: 'timeout',
            detail: `expected an answer to ${method} within ${timeoutMs} ms, got none`,
          })
          channel.hangUp(id)
        })
        open.set(id, answer => {
          timer.cancel()
          resolve(answer)
        })
        channel.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }), headers, id)
      })
    },
    answer: response => response.id !== undefined && settle(response.id, response),
    fail: settle,
    failAll,
    close(fault) {
      closed = fault
      failAll(fault)
    },
  }
}
