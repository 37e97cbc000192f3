import { CordonError, readBounded } from '@cordon/foundation'
import { createSseReader, type SseEvent } from '@cordon/framing'

import type { ConnectErrorCode } from '../core/error-code.ts'
import { isJsonObject, type JsonObject, parseJson } from '../core/mcp/client-message.ts'
import type { UpstreamAnswer } from '../ports.ts'

/** Bytes of an answer, characters of an event: the proxy lets no larger message through. */
const longestMessage = 17 * 1024 * 1024

/** What an answer held, beside the messages that were passed on. */
export interface ReadAnswer {
  /** The response that was waited for. */
  readonly response: JsonObject | undefined
  /** From where the rest can be asked for, if it was a stream that broke off. */
  readonly lastEventId: string | undefined
  /** Milliseconds that the server wants between two attempts. */
  readonly retryMs: number | undefined
  /** Nothing came that is a message. */
  readonly isEmpty: boolean
  readonly broken: unknown
}

/**
 * All that an answer says: why its status is none of a success, or a message.
 * @throws ConnectError `ANSWER_LOST` where it is too long
 */
export const readText = ({ body }: UpstreamAnswer): Promise<string> =>
  readBounded(body, longestMessage, tooLong)

const tooLong = (problem: string): CordonError<ConnectErrorCode> =>
  new CordonError('ANSWER_LOST', `proxy: ${problem}; the request may have been carried out`)

/**
 * Passes on every message of an answer of status 200, JSON or a stream of events, one line each.
 * @param id of the request that it answers
 */
export const readAnswer = async (
  answer: UpstreamAnswer,
  id: string | number | undefined,
  pass: (text: string) => Promise<void>,
): Promise<ReadAnswer> => {
  let response: JsonObject | undefined
  let lastEventId: string | undefined
  let retryMs: number | undefined
  let isEmpty = true

  const take = async (text: string): Promise<void> => {
    const value = parseJson(text)
    if (value === undefined) return
    if (isJsonObject(value)) {
      isEmpty = false
      if (id !== undefined && value['id'] === id && !('method' in value)) response = value
    }
    // Outside of its texts JSON has line ends only where it has spaces.
    await pass(text.replaceAll(/[\r\n]+/g, ' '))
  }

  const result = (broken?: unknown): ReadAnswer => ({
    response,
    lastEventId,
    retryMs,
    isEmpty,
    broken,
  })
  try {
    if (!(answer.headers['content-type'] ?? '').startsWith('text/event-stream')) {
      const text = await readText(answer)
      if (text !== '') await take(text)
      return result()
    }
    const decoder = new TextDecoder()
    const events: SseEvent[] = []
    const reader = createSseReader(longestMessage, event => events.push(event))
    for await (const chunk of answer.body) {
      reader.push(decoder.decode(chunk, { stream: true }))
      for (const event of events.splice(0)) {
        lastEventId = event.id ?? lastEventId
        retryMs = event.retry ?? retryMs
        if (event.data !== '') await take(event.data)
      }
    }
    return result()
  } catch (error) {
    // An event that is longer than allowed.
    return result(error instanceof RangeError ? tooLong(error.message) : error)
  }
}
