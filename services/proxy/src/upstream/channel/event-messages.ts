import type { Fault } from '../../core/fault.ts'
import type { RpcMessage } from '../../core/json-rpc.ts'
import type { AgentReply, HttpAnswer } from '../../ports.ts'
import { parseMessage } from '../inspection.ts'

export interface EventMessageSink {
  /** @returns an agent that reads slower than the server writes */
  take(message: RpcMessage): AgentReply | undefined
  malformed(): void
  /** Once, after the last message. */
  over(end: StreamEnd): void
}

/** How a stream ended, and where it can be taken up again. */
export interface StreamEnd {
  readonly fault: Fault | undefined
  readonly lastId: string | undefined
  readonly retryMs: number | undefined
  /** Nothing came on it that is a message. */
  readonly isEmpty: boolean
}

/** The messages of an event stream, no faster than whoever gets them reads. */
export const readEventMessages = (answer: HttpAnswer, sink: EventMessageSink): void => {
  let lastId: string | undefined
  let retryMs: number | undefined
  let isEmpty = true
  const goOn = (): void => answer.resume()
  answer.events({
    take({ data, id, retry }) {
      retryMs = retry ?? retryMs
      if (id !== undefined && id !== '') lastId = id
      // Names a place to resume from, and nothing else.
      if (data === '') return true
      const message = parseMessage(data)
      if (message === undefined) {
        sink.malformed()
        return true
      }
      isEmpty = false
      const full = sink.take(message)
      full?.onRoom(goOn)
      full?.onOver(goOn)
      return full === undefined
    },
    over: fault => sink.over({ fault, lastId, retryMs, isEmpty }),
  })
}
