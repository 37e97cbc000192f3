import { maxNesting } from '../core/exact-json.ts'
import type { HttpAnswer } from '../ports.ts'
import type { Exchange } from '../session/exchange.ts'
import { finishReply } from '../session/finish-reply.ts'
import type { Inspection } from './inspection.ts'
import { parseMessage } from './inspection.ts'

/** A whole JSON answer: the response to its request and nothing else. */
export const receiveJson = async (
  exchange: Exchange,
  answer: HttpAnswer,
  { exchanges }: Inspection,
): Promise<void> => {
  const text = await answer.text()
  // It may have been given up while the text came, or answered on another stream.
  if (exchange.state !== 'forwarded') return exchange.reply.end()
  if (typeof text !== 'string') return exchanges.fail(exchange, text)
  const message = parseMessage(text)
  if (message?.kind !== 'response' || message.id !== exchange.id) {
    const detail = `expected the response to the request, at most ${maxNesting} levels deep, no member twice, got something else`
    return exchanges.fail(exchange, { kind: 'malformed', detail })
  }
  finishReply(exchange.reply, exchanges.conclude(exchange, message, text))
}
