import { setTimeout as sleep } from 'node:timers/promises'

import { CordonError } from '@cordon/foundation'

import type { ConnectErrorCode } from '../core/error-code.ts'
import type { McpSession } from './mcp-session.ts'
import { readAnswer, readRefusal } from './read-answer.ts'
import type { FrontFaults, Output } from './stdio-front.ts'

/** As the official client. */
const firstPauseMs = 1_000
const longestPauseMs = 30_000

/** What a server says by itself (the GET stream of 2025-11-25): read for as long as the session lasts, and resumed where it broke off. */
export const followServerStream = async (options: {
  readonly session: McpSession
  readonly output: Output
  readonly faults: FrontFaults
  readonly signal: AbortSignal
  /** The server forgot the session; whoever opens another one follows its stream. */
  readonly reopen: (forgottenId: string) => Promise<void>
}): Promise<void> => {
  const { session, output, faults, signal } = options
  let lastEventId: string | undefined
  let failed = 0
  let pauseMs = firstPauseMs

  const readOnce = async (): Promise<'again' | 'over'> => {
    const { id } = session
    const answer = await session.get(signal, lastEventId)
    if (answer.status !== 200) {
      await readRefusal(answer)
      // Only this says that there will never be one.
      if (answer.status === 405) return 'over'
      if (answer.status === 404 && id !== undefined) {
        await options.reopen(id)
        return 'over'
      }
      throw new CordonError<ConnectErrorCode>(
        'STREAM_REFUSED',
        `server stream: expected status 200, got ${answer.status}`,
      )
    }
    failed = 0
    pauseMs = firstPauseMs
    const read = await readAnswer(answer, undefined, text => output.write(text))
    lastEventId = read.lastEventId ?? lastEventId
    pauseMs = read.retryMs ?? pauseMs
    return 'again'
  }

  while (!signal.aborted) {
    try {
      if ((await readOnce()) === 'over') return
    } catch (error) {
      if (signal.aborted) return
      faults.streamLost(error)
      pauseMs = Math.min(firstPauseMs * 2 ** failed, longestPauseMs)
      failed += 1
    }
    try {
      await sleep(pauseMs, undefined, { signal })
    } catch {
      // Aborted: nobody listens any more.
      return
    }
  }
}
