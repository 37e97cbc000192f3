import type { AgentReply, HttpAnswer, HttpExchange } from '../ports.ts'
import type { Exchange } from '../session/exchange.ts'
import type { Inspection } from './inspection.ts'
import { inspect } from './inspection.ts'

export interface ReceivedStream {
  /** Where the events go. */
  readonly reply: AgentReply
  /** The request that the stream answers; absent for a stream that the agent listens on. */
  readonly exchange?: Exchange
  readonly answer: HttpAnswer
  readonly call: HttpExchange
  readonly inspection: Inspection
}

/**
 * A stream of events, passed on as they come and no faster than the agent reads them. An event with an id can be resumed
 * from: where such a stream ends early, the request stays open, and its answer comes on the stream that the agent opens
 * next.
 */
export const receiveStream = ({ reply, exchange, answer, call, inspection }: ReceivedStream): void => {
  const { exchanges } = inspection
  let resumable = false
  const goOn = (): void => answer.resume()

  reply.openStream()
  reply.onOver(() => {
    // The agent left in the middle, and can come back for the rest: the server has to notice.
    if (exchange?.state === 'forwarded' && resumable) call.abort()
    // Otherwise the rest is read for its outcome.
    else goOn()
  })
  answer.events({
    take(event) {
      resumable ||= event.id !== undefined && event.id !== ''
      const data = inspect(event.data, inspection)
      if (data === undefined) return true
      const room = reply.event({ ...event, data })
      if (!room) reply.onRoom(goOn)
      if (exchange?.state === 'over') reply.end()
      return room
    },
    over(fault) {
      // What was garbled once would be so again.
      const canResume = resumable && fault?.kind !== 'malformed'
      if (exchange === undefined || exchange.state === 'over' || canResume) return reply.end()
      const noAnswer = {
        kind: 'malformed',
        detail: 'expected a response, got a stream that ended before it',
      } as const
      exchanges.fail(exchange, fault ?? noAnswer)
    },
  })
}
