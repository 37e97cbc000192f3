import { errorCode } from '../../core/error-code.ts'
import type { Fault } from '../../core/fault.ts'
import type { RequestId, RpcRequest, RpcResponse } from '../../core/json-rpc.ts'
import type { Client } from '../../core/stateless/client.ts'
import type { ToolHeaders } from '../../core/stateless/tool-headers.ts'
import { nothingOngoing, type Ongoing } from '../../session/connection.ts'
import type { Exchange } from '../../session/exchange.ts'
import type { Exchanges } from '../../session/exchanges.ts'
import type { ForwardedHeaders } from '../upstream.ts'
import type { Channel, ChannelListener } from '../channel/channel.ts'
import { answerExchange } from './answer-exchange.ts'
import type { Dialect } from './dialect.ts'
import { openChannel } from '../channel/open-channel.ts'
import type { ChannelOptions } from '../channel/open-channel.ts'
import { listTools } from './list-tools.ts'
import type { Negotiated } from './negotiation.ts'
import { negotiate } from './negotiation.ts'
import { createOwnRequests } from '../channel/own-requests.ts'
import { createSessionfulDialect } from './sessionful-dialect.ts'
import { createStatelessDialect } from './stateless-dialect.ts'

/** A link's way to its tool server, of whichever era that is. */
export interface LinkUpstream {
  /** By which the server will know a request. */
  idFor(request: RpcRequest): RequestId
  /** Whatever comes of it, a fault too, goes to its exchange. */
  request(exchange: Exchange, request: RpcRequest, headers: ForwardedHeaders): void
  /** Nobody waits for it any more. */
  cancel(exchange: Exchange): void
  /** See `Dialect`. */
  readonly held: Ongoing
  /** Resolves when nothing of it is left. */
  end(): Promise<void>
}

export interface LinkUpstreamOptions extends ChannelOptions {
  readonly client: Client
  readonly toolHeaders: ToolHeaders
  readonly exchanges: Exchanges
  readonly callTimeoutMs: number
  readonly newSessionId: () => string
  readonly onOpen: () => void
  readonly onGone: () => void
}

/** Nothing is started before the first request that may be forwarded. */
export const openLinkUpstream = (options: LinkUpstreamOptions): LinkUpstream => {
  const { name, exchanges, timers, events, toolHeaders } = options
  const seesNoHeaders = options.server.transport !== 'http'
  const own = createOwnRequests(timers, options.newSessionId)
  let channel: Channel | undefined
  let dialect: Dialect | undefined
  let opening: Promise<void> | undefined
  let gone: Fault | undefined
  let requests = 0
  let ended = false

  const fail = (fault: Fault): void => {
    exchanges.failAll(fault)
    options.onGone()
  }

  const learn = ({ id, result }: RpcResponse): void => {
    const exchange = id === undefined ? undefined : exchanges.find(id)
    if (exchange?.method === 'tools/list') toolHeaders.learn(name, result)
  }

  const connect = (): Channel => {
    gone = undefined
    const listener: ChannelListener = {
      onMessage(message, via) {
        if (message.kind === 'response') {
          if (own.answer(message)) return undefined
          learn(message)
        }
        return dialect?.receive(message, via)
      },
      onFault(id, fault) {
        if (own.fail(id, fault)) return
        const exchange = exchanges.find(id)
        if (exchange?.state === 'forwarded') exchanges.fail(exchange, fault)
        else dialect?.abandon(id)
      },
      onGone(fault) {
        gone = fault
        own.failAll(fault)
        if (dialect !== undefined) fail(fault)
      },
    }
    channel = openChannel(options, listener)
    return channel
  }

  const dialectOf = (negotiated: Exclude<Negotiated, { readonly fault: Fault }>): Dialect =>
    negotiated.era === 'stateless'
      ? createStatelessDialect({ name, exchanges, events, ...negotiated })
      : createSessionfulDialect({ ...options, own, ...negotiated })

  const open = async (): Promise<void> => {
    const isGone = (): boolean => gone !== undefined && !ended
    const negotiated = await negotiate({ ...options, own, openChannel: connect, isGone })
    if (negotiated.era === undefined) return fail(negotiated.fault)
    if (negotiated.era === 'stateless' && seesNoHeaders && !toolHeaders.isListed(name)) {
      const fault = await listTools({ ...options, own, channel: negotiated.channel })
      if (fault !== undefined) return fail(fault)
    }
    if (gone !== undefined) return fail(gone)
    dialect = dialectOf(negotiated)
    options.onOpen()
  }

  /** A request that came before the server's tools were known. */
  const first = (to: Dialect, exchange: Exchange, request: RpcRequest, headers: ForwardedHeaders): void => {
    const message = toolHeaders.check(name, request, headers)
    if (message === undefined) return to.request(exchange, request, headers)
    events.requestRejected('header_mismatch')
    const error = { code: errorCode.headerMismatch, message }
    answerExchange(exchanges, exchange, { kind: 'response', id: exchange.id, result: undefined, error })
  }

  return {
    idFor: request => dialect?.heldId(request) ?? `call-${(requests += 1)}`,
    request(exchange, request, headers) {
      exchange.reply.openStreamWhenSlow()
      if (dialect !== undefined) return dialect.request(exchange, request, headers)
      opening ??= open()
      void opening.then(() => {
        if (exchange.state === 'forwarded' && dialect !== undefined)
          first(dialect, exchange, request, headers)
      })
    },
    cancel: exchange => dialect?.cancel(exchange),
    get held() {
      return dialect?.held ?? nothingOngoing
    },
    async end() {
      ended = true
      own.close({ kind: 'session_ended', detail: 'the MCP session ended before it answered' })
      await channel?.end()
    },
  }
}
