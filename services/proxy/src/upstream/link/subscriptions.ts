import { metaKey } from '../../core/era.ts'
import { errorCode } from '../../core/error-code.ts'
import { isJsonObject } from '../../core/json-rpc.ts'
import type { JsonObject, RpcNotification, RpcRequest } from '../../core/json-rpc.ts'
import { without } from '../../core/without.ts'
import type { AgentReply } from '../../ports.ts'
import type { Exchange } from '../../session/exchange.ts'
import type { Exchanges } from '../../session/exchanges.ts'
import { answerExchange } from './answer-exchange.ts'

/** What agents listen to, of a server that tells everything to its one session. */
export interface Subscriptions {
  /** `subscriptions/listen` */
  open(exchange: Exchange, request: RpcRequest): void
  /** @returns an agent that reads slower than the server writes */
  deliver(notification: RpcNotification): AgentReply | undefined
}

export interface SubscriptionsOptions {
  readonly exchanges: Exchanges
  /** Of the server. */
  readonly capabilities: JsonObject
  /** Tells the server what somebody wants to know about. @param listening with these params; absent where nobody does any more */
  readonly setSubscribed: (uri: string, listening?: JsonObject) => void
}

/** The lists whose change can be listened to, by the notification that tells of it. */
const lists: Readonly<Record<string, { readonly filter: string; readonly capability: string }>> = {
  'notifications/tools/list_changed': { filter: 'toolsListChanged', capability: 'tools' },
  'notifications/prompts/list_changed': { filter: 'promptsListChanged', capability: 'prompts' },
  'notifications/resources/list_changed': { filter: 'resourcesListChanged', capability: 'resources' },
}

/** That all agents of one link listen to: its server keeps them for one client. */
const maxLinkUris = 1_024

interface Subscription {
  readonly exchange: Exchange
  readonly filters: ReadonlySet<string>
  readonly uris: ReadonlySet<string>
}

export const createSubscriptions = (options: SubscriptionsOptions): Subscriptions => {
  const { exchanges, capabilities, setSubscribed } = options
  const open = new Set<Subscription>()

  const can = (capability: string, what: string): boolean => {
    const declared = capabilities[capability]
    return isJsonObject(declared) && declared[what] === true
  }

  const honoured = (asked: JsonObject): Pick<Subscription, 'filters' | 'uris'> => {
    const wanted = Object.values(lists).filter(
      ({ filter, capability }) => asked[filter] === true && can(capability, 'listChanged'),
    )
    const { resourceSubscriptions: uris } = asked
    const isUri = (uri: unknown): uri is string => typeof uri === 'string'
    return {
      filters: new Set(wanted.map(({ filter }) => filter)),
      uris: new Set(can('resources', 'subscribe') && Array.isArray(uris) ? uris.filter(isUri) : []),
    }
  }

  const isWanted = (uri: string): boolean => [...open].some(({ uris }) => uris.has(uri))

  const isTooMuch = (uris: ReadonlySet<string>): boolean => {
    const all = new Set(uris)
    for (const subscription of open) for (const uri of subscription.uris) all.add(uri)
    return all.size > maxLinkUris
  }

  const refuse = (exchange: Exchange): void =>
    answerExchange(exchanges, exchange, {
      kind: 'response',
      id: exchange.id,
      result: undefined,
      error: { code: errorCode.overloaded, message: tooMuch },
    })

  const start = (subscription: Subscription, listening: JsonObject): void => {
    for (const uri of subscription.uris) if (!isWanted(uri)) setSubscribed(uri, listening)
    open.add(subscription)
    subscription.exchange.onOver.push(() => {
      open.delete(subscription)
      for (const uri of subscription.uris) if (!isWanted(uri)) setSubscribed(uri)
    })
  }

  const wants = ({ filters, uris }: Subscription, { method, params }: RpcNotification): boolean => {
    if (method === 'notifications/resources/updated') return uris.has(String(params['uri']))
    const list = Object.hasOwn(lists, method) ? lists[method] : undefined
    return list !== undefined && filters.has(list.filter)
  }

  return {
    open(exchange, { params }) {
      const asked = params['notifications']
      const { filters, uris } = honoured(isJsonObject(asked) ? asked : {})
      if (isTooMuch(uris)) return refuse(exchange)
      const notifications = {
        ...Object.fromEntries(Array.from(filters, filter => [filter, true])),
        ...(uris.size > 0 && { resourceSubscriptions: [...uris] }),
      }
      tell(exchange, 'notifications/subscriptions/acknowledged', { notifications })
      if (filters.size + uris.size > 0) return start({ exchange, filters, uris }, without(params, '_meta'))
      const _meta = { [metaKey.subscriptionId]: exchange.agentId }
      const result = { resultType: 'complete', _meta }
      return answerExchange(exchanges, exchange, {
        kind: 'response',
        id: exchange.id,
        result,
        error: undefined,
      })
    },
    deliver(notification) {
      let full: AgentReply | undefined
      for (const subscription of open) {
        if (!wants(subscription, notification)) continue
        const { exchange } = subscription
        if (!tell(exchange, notification.method, notification.params)) full = exchange.reply
      }
      return full
    },
  }
}

const tooMuch = `Cordon: expected at most ${maxLinkUris} resources that a session listens to, got more`

const tell = ({ reply, agentId }: Exchange, method: string, params: JsonObject): boolean => {
  const meta = isJsonObject(params['_meta']) ? params['_meta'] : {}
  const stamped = { ...params, _meta: { ...meta, [metaKey.subscriptionId]: agentId } }
  return reply.event({ event: 'message', data: JSON.stringify({ jsonrpc: '2.0', method, params: stamped }) })
}
