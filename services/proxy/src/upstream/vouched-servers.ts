import { authorizationOf, callTokenOf, withCallToken } from '../core/call-token.ts'
import type { Fault } from '../core/fault.ts'
import { type OwnMessage, ownMessageOf } from '../core/own-message.ts'
import type { HttpCall, HttpExchange, HttpServers } from '../ports.ts'
import type { Vouch } from '../session/vouch.ts'

/** Each request has its token where its server looks for it; those that no agent made get one of their own. */
export const vouchedServers = (servers: HttpServers, vouch: Vouch): HttpServers => ({
  send: call =>
    callTokenOf(call.headers) === undefined
      ? sendVouched(servers, vouch, call)
      : servers.send(addressed(call)),
})

const sendVouched = (servers: HttpServers, vouch: Vouch, call: HttpCall): HttpExchange => {
  let exchange: HttpExchange | undefined
  let isAborted = false

  const send = async (): ReturnType<typeof servers.send>['answer'] => {
    const callToken = await vouch(messageOf(call))
    if (isAborted) return hungUp
    exchange = servers.send(addressed({ ...call, headers: withCallToken(call.headers, callToken) }))
    return exchange.answer
  }

  return {
    answer: send(),
    abort() {
      isAborted = true
      exchange?.abort()
    },
  }
}

const addressed = (call: HttpCall): HttpCall => ({
  ...call,
  headers: authorizationOf(call.server.headers, call.headers),
})

const messageOf = ({ method, body }: HttpCall): OwnMessage =>
  method === 'POST' && body !== undefined ? ownMessageOf(body) : { method }

const hungUp: Fault = { kind: 'unreachable', detail: 'nobody waited for its answer any more' }
