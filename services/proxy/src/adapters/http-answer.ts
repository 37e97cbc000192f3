import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

import type { Fault } from '../core/fault.ts'
import type { EventSink, HttpAnswer } from '../ports.ts'
import { createSseReader } from './sse-reader.ts'

/** How long the rest of an answer may take that nobody waits for. */
const discardMs = 5_000

export const brokenOff: Fault = { kind: 'unreachable', detail: 'its answer broke off' }

/** An answer of an HTTP tool server, as it comes. */
export const createHttpAnswer = (response: IncomingMessage, maxBytes: number): HttpAnswer => {
  const tooLarge: Fault = {
    kind: 'too_large',
    detail: `expected messages of at most ${maxBytes} bytes, got a larger one`,
  }
  const { 'content-type': contentType = '', 'content-encoding': encoding = 'identity' } = response.headers
  const unreadable: Fault | undefined =
    encoding === 'identity'
      ? undefined
      : { kind: 'malformed', detail: 'expected an answer without encoding, got an encoded one' }

  return {
    status: response.statusCode ?? 0,
    mediaType: contentType.split(';', 1)[0]!.trim().toLowerCase(),
    mcpSessionId: singleValue(response.headers['mcp-session-id']),
    text: timeoutMs => readText(response, maxBytes, unreadable, tooLarge, timeoutMs),
    events: sink => readEvents(response, maxBytes, unreadable, tooLarge, sink),
    resume: () => void response.resume(),
    discard() {
      if (response.readableEnded || response.destroyed) return
      response.on('error', () => undefined)
      response.resume()
      const timer = setTimeout(() => response.destroy(), discardMs).unref()
      response.once('close', () => clearTimeout(timer))
    },
  }
}

const singleValue = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

const readText = (
  response: IncomingMessage,
  maxBytes: number,
  unreadable: Fault | undefined,
  tooLarge: Fault,
  timeoutMs: number | undefined,
): Promise<string | Fault> =>
  new Promise(resolve => {
    const chunks: Buffer[] = []
    let bytes = 0
    const stop = (fault: Fault): void => {
      resolve(fault)
      response.destroy()
    }
    if (timeoutMs !== undefined) {
      const detail = `expected the whole answer within ${timeoutMs} ms, got a part of it`
      const timer = setTimeout(stop, timeoutMs, { kind: 'timeout', detail }).unref()
      response.once('close', () => clearTimeout(timer))
    }
    response.on('error', () => resolve(brokenOff))
    response.once('close', () => resolve(brokenOff))
    if (unreadable !== undefined) return stop(unreadable)
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) stop(tooLarge)
      else chunks.push(chunk)
    })
    response.once('end', () => {
      const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
      resolve(
        isUtf8(all) ? all.toString('utf8') : { kind: 'malformed', detail: 'expected UTF-8, got other bytes' },
      )
    })
  })

const readEvents = (
  response: IncomingMessage,
  maxBytes: number,
  unreadable: Fault | undefined,
  tooLarge: Fault,
  sink: EventSink,
): void => {
  let over = false
  const end = (fault: Fault | undefined): void => {
    if (over) return
    over = true
    sink.over(fault)
  }
  const reader = createSseReader(maxBytes, event => {
    if (!over && !sink.take(event)) response.pause()
  })
  response.on('error', () => end(brokenOff))
  response.once('close', () => end(brokenOff))
  response.once('end', () => end(undefined))
  if (unreadable !== undefined) {
    end(unreadable)
    return void response.destroy()
  }
  response.setEncoding('utf8').on('data', (text: string) => {
    try {
      reader.push(text)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      end(tooLarge)
      response.destroy()
    }
  })
}
