import { setTimeout as sleep } from 'node:timers/promises'

import { StreamError } from '../stream-error.ts'
import { faultName, isRefusal, streamErrorOf } from './kafka-fault.ts'

// First contact with a new broker is over within tens of milliseconds, a broker restart within seconds.
const firstMs = 20
const maxMs = 500

/** Milliseconds to wait before a further attempt: doubling, bounded, spread by a fifth so that clients do not march in step. */
export const backOffMs = (attempt: number): number =>
  Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 10)) * (0.9 + Math.random() * 0.2)

export interface RetryOptions {
  /** The operation, for error messages. */
  readonly what: string
  /** Ends the wait between attempts; the caller sees `CLOSED`. */
  readonly closing: AbortSignal
  /** Asked after every failed attempt. */
  readonly mayRetry: (fault: string, elapsedMs: number) => boolean
}

/** Repeats an operation quietly over the faults that pass. @throws StreamError when it may not be repeated any more */
export const retrying = async <Result>(
  operation: () => Promise<Result>,
  { what, closing, mayRetry }: RetryOptions,
): Promise<Result> => {
  const startedAt = performance.now()
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await operation()
    } catch (error) {
      if (error instanceof StreamError) throw error
      if (closing.aborted) throw closedError(what)
      const fault = faultName(error)
      if (isRefusal(fault) || isProgrammingError(error) || !mayRetry(fault, performance.now() - startedAt)) {
        throw streamErrorOf(what, fault, error)
      }
    }
    await pause(attempt, closing, what)
  }
}

/** Waits as long as the attempt's number says. @throws StreamError `CLOSED` */
export const pause = async (attempt: number, closing: AbortSignal, what: string): Promise<void> => {
  try {
    await sleep(backOffMs(attempt), undefined, { signal: closing })
  } catch {
    throw closedError(what)
  }
}

export const closedError = (what: string): StreamError =>
  new StreamError('CLOSED', `${what}: expected an open client, got a closed one`)

const isProgrammingError = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
