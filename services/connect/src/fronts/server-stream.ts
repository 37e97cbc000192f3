import { setTimeout as sleep } from 'node:timers/promises'

import { CordonError } from '@cordon/foundation'
import type { EndedStream, StreamPace } from '@cordon/framing'

import type { ConnectErrorCode } from '../core/error-code.ts'
import type { McpSession } from './mcp-session.ts'
import { readAnswer, readText } from './read-answer.ts'
import type { FrontFaults, Output } from './stdio-front.ts'

/** Where there is no stream, as the official client. */
const firstPauseMs = 1_000
const longestPauseMs = 30_000

interface StreamTiming {
  /** Milliseconds. */
  readonly now: () => number
  /** Rejects when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<unknown>
}

const systemTiming: StreamTiming = {
  // Not moved by whoever sets the clock.
  now: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }),
}

/** What a server says by itself (the GET stream of 2025-11-25): read for as long as the session lasts, and resumed where it broke off. */
export const followServerStream = async (options: {
  readonly session: Pick<McpSession, 'id' | 'get'>
  readonly output: Output
  readonly faults: Pick<FrontFaults, 'streamLost' | 'streamGivenUp'>
  readonly signal: AbortSignal
  /** Of all streams that are followed for one client: a server that forgets each session at once ends them as well. */
  readonly pace: StreamPace
  /** The server forgot the session; whoever opens another one follows its stream. */
  readonly reopen: (forgottenId: string) => Promise<void>
  readonly timing?: StreamTiming
}): Promise<void> => {
  const { session, output, faults, signal, pace, timing = systemTiming } = options
  let lastEventId: string | undefined
  let failed = 0
  /** Of a session that is opened anew after the next pause. */
  let forgottenId: string | undefined

  /** @returns how it ended; `undefined`: there is none, and never will be */
  const readOnce = async (): Promise<EndedStream | undefined> => {
    const { id } = session
    const answer = await session.get(signal, lastEventId)
    if (answer.status !== 200) {
      await readText(answer)
      // Only this says that there will never be one.
      if (answer.status === 405) return undefined
      if (answer.status === 404 && id !== undefined) {
        forgottenId = id
        return { retryMs: 0, isEmpty: true, lastedMs: 0 }
      }
      throw new CordonError<ConnectErrorCode>(
        'STREAM_REFUSED',
        `server stream: expected status 200, got ${answer.status}`,
      )
    }
    failed = 0
    const since = timing.now()
    const { retryMs, isEmpty, ...read } = await readAnswer(answer, undefined, text => output.write(text))
    lastEventId = read.lastEventId ?? lastEventId
    return { retryMs, isEmpty, lastedMs: timing.now() - since }
  }

  while (!signal.aborted) {
    let pauseMs: number
    try {
      if (forgottenId !== undefined) {
        const id = forgottenId
        forgottenId = undefined
        return await options.reopen(id)
      }
      const ended = await readOnce()
      if (ended === undefined || signal.aborted) return
      const { waitMs, isHopeless } = pace.after(ended)
      if (isHopeless) return faults.streamGivenUp()
      pauseMs = waitMs
    } catch (error) {
      if (signal.aborted) return
      faults.streamLost(error)
      pauseMs = Math.min(firstPauseMs * 2 ** failed, longestPauseMs)
      failed += 1
    }
    try {
      await timing.wait(pauseMs, signal)
    } catch {
      // Aborted: nobody listens any more.
      return
    }
  }
}
