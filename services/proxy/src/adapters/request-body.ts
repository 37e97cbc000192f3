import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

import type { Answer } from '../core/answer.ts'
import type { BodyBudget } from './body-budget.ts'

/** A body, or why there is none. */
export type RequestBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-utf8' }
  | { readonly kind: 'too-slow' }
  /** Too much of other bodies is held already. */
  | { readonly kind: 'no-room' }
  /** Whoever sends it may not send so much. */
  | { readonly kind: 'refused'; readonly answer: Answer }
  /** The agent went away in the middle of it. */
  | { readonly kind: 'broken-off' }

/** Asked before more than a small body is read. @returns what whoever may not send more is told */
export type AdmitBody = () => Promise<Answer | undefined>

export interface BodyReading {
  readonly maxBytes: number
  /** Of whoever sends without having been admitted. */
  readonly maxSmallBytes: number
  readonly timeoutMs: number
  readonly budget: BodyBudget
  readonly admit: AdmitBody
}

export interface ReadBody {
  readonly body: RequestBody
  /** What it takes of the budget is free again: it was answered or forwarded. */
  readonly free: () => void
}

/** Reads a whole body, as far as it is allowed to be. */
export const readBody = (
  request: IncomingMessage,
  { maxBytes, maxSmallBytes, timeoutMs, budget, admit }: BodyReading,
): Promise<ReadBody> =>
  new Promise(resolve => {
    let chunks: Buffer[] = []
    let bytes = 0
    let isAdmitted = false
    let isOver = false

    /** What is left of it is read for nobody. */
    const settle = (body: RequestBody): void => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      chunks = []
      if (body.kind === 'text') share.complete()
      else share.free()
      request.resume()
      resolve({ body, free: share.free })
    }

    const share = budget.open(() => settle({ kind: 'no-room' }))
    const timer = setTimeout(() => settle({ kind: 'too-slow' }), timeoutMs).unref()

    const askToGoOn = async (): Promise<void> => {
      isAdmitted = true
      request.pause()
      const answer = await admit()
      if (answer === undefined) request.resume()
      else settle({ kind: 'refused', answer })
    }

    const announced = Number(request.headers['content-length'] ?? 0)
    if (announced > maxBytes) return settle({ kind: 'too-large' })
    request.on('data', (chunk: Buffer) => {
      if (isOver) return
      bytes += chunk.length
      if (bytes > maxBytes) return settle({ kind: 'too-large' })
      if (!share.take(chunk.length)) return settle({ kind: 'no-room' })
      chunks.push(chunk)
      if (bytes > maxSmallBytes && !isAdmitted) void askToGoOn()
    })
    if (announced > maxSmallBytes) void askToGoOn()
    request.once('end', () => {
      settle(decode(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    })
    request.once('error', () => settle({ kind: 'broken-off' }))
    request.once('close', () => settle({ kind: 'broken-off' }))
  })

const decode = (bytes: Buffer): RequestBody =>
  isUtf8(bytes) ? { kind: 'text', text: bytes.toString('utf8') } : { kind: 'not-utf8' }
