import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

import { createSseReader } from '@cordon/framing'

import type { Fault } from '../core/fault.ts'
import type { EventSink, HttpAnswer } from '../ports.ts'
import type { PacedEvents } from './paced-events.ts'
import { createPacedEvents } from './paced-events.ts'
import type { TurnBudget } from './turn-budget.ts'

/** How long the rest of an answer may take that nobody waits for. */
const discardMs = 5_000

export const garbled: Fault = { kind: 'malformed', detail: 'expected UTF-8, got other bytes' }

export const brokenOff: Fault = { kind: 'unreachable', detail: 'its answer broke off' }

/** An answer of an HTTP tool server, as it comes. */
export const createHttpAnswer = (
  response: IncomingMessage,
  maxBytes: number,
  budget: TurnBudget,
): HttpAnswer => {
  const events = createPacedEvents<() => void>(budget, response, event => event())
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
    events: sink => readEvents(response, { maxBytes, unreadable, tooLarge, events }, sink),
    resume: events.resume,
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
      resolve(isUtf8(all) ? all.toString('utf8') : garbled)
    })
  })

interface EventReading {
  readonly maxBytes: number
  readonly unreadable: Fault | undefined
  readonly tooLarge: Fault
  readonly events: PacedEvents<() => void>
}

const readEvents = (
  response: IncomingMessage,
  { maxBytes, unreadable, tooLarge, events }: EventReading,
  sink: EventSink,
): void => {
  let over = false
  const end = (fault: Fault | undefined): void => {
    if (over) return
    events.flush()
    over = true
    sink.over(fault)
  }
  const stop = (fault: Fault): void => {
    end(fault)
    response.destroy()
  }
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const reader = createSseReader(maxBytes, event =>
    events.push(() => {
      if (!over && !sink.take(event)) events.pause()
    }),
  )
  const textOf = (chunk: Buffer): string | undefined => {
    try {
      return decoder.decode(chunk, { stream: true })
    } catch {
      return undefined
    }
  }
  const read = (chunk: Buffer): void => {
    const text = textOf(chunk)
    if (text === undefined) return stop(garbled)
    try {
      reader.push(text)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      stop(tooLarge)
    }
  }
  response.on('error', () => end(brokenOff))
  response.once('close', () => end(brokenOff))
  response.once('end', () => end(undefined))
  if (unreadable === undefined) response.on('data', read)
  else stop(unreadable)
}
