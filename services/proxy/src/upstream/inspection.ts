import { parseExactJson } from '../core/exact-json.ts'
import { classifyMessage } from '../core/json-rpc.ts'
import type { RpcMessage } from '../core/json-rpc.ts'
import { routeOf } from '../core/message-route.ts'
import type { ProxyEvents } from '../events.ts'
import type { Exchanges } from '../session/exchanges.ts'
import type { ServerMessages } from './server-messages.ts'

/** What looking at the messages of an HTTP tool server needs. */
export interface Inspection {
  readonly name: string
  readonly exchanges: Exchanges
  readonly messages: ServerMessages
  readonly events: ProxyEvents
}

/** A text as a message; absent where it is none, is nested too deep, or could be read in two ways. */
export const parseMessage = (text: string): RpcMessage | undefined => {
  try {
    const message = classifyMessage(parseExactJson(text))
    return message.kind === 'fault' ? undefined : message
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/**
 * Looks at one event's text on its way to the agent. Whatever stream a response comes on, its outcome is with the engine
 * first; a response that nobody asked for, or that differs from the one that was given before, stays here.
 * @returns what of it the agent may have; `undefined` where nothing
 */
export const inspect = (
  text: string,
  { name, exchanges, messages, events }: Inspection,
): string | undefined => {
  // Names a place to resume from, and nothing else.
  if (text === '') return text
  const message = parseMessage(text)
  if (message === undefined) {
    events.serverMessageMalformed(name)
    return undefined
  }
  if (message.kind !== 'response') {
    touchByProgress(message, exchanges)
    return messages.passes(message) ? text : undefined
  }
  if (message.id === undefined) return text
  const exchange = exchanges.find(message.id)
  if (exchange?.state === 'forwarded') return exchanges.conclude(exchange, message, text)
  const repeated = exchanges.toldBefore(message.id, text)
  if (repeated === undefined) events.serverMessagesDropped(1)
  return repeated
}

/** Whatever else a server says, it is silent about the request. */
const touchByProgress = (message: RpcMessage, exchanges: Exchanges): void => {
  const route = routeOf(message)
  const exchange = route.to === 'progress' ? exchanges.findByProgress(route.token) : undefined
  if (exchange !== undefined) exchanges.touch(exchange)
}
