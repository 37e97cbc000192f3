import { makeSessionId } from '@cordon/foundation'
import type { SseEvent } from '@cordon/framing'

import type { Answer } from '../core/answer.ts'
import type { ProxyEvents } from '../events.ts'
import type { AgentReply, ResultReader, Timers } from '../ports.ts'
import { createExchanges } from './exchanges.ts'
import type { Exchanges, ExchangesOptions } from './exchanges.ts'

/** An answer that remembers what it was told. */
export interface FakeReply extends AgentReply {
  readonly headers: Map<string, string>
  readonly answers: readonly Answer[]
  readonly streamed: readonly string[]
  /** The agent hangs up. */
  hangUp(): void
}

export const fakeReply = (): FakeReply => {
  const headers = new Map<string, string>()
  const answers: Answer[] = []
  const streamed: string[] = []
  const listeners: (() => void)[] = []
  let state: AgentReply['state'] = 'waiting'
  const finish = (): void => {
    if (state === 'over') return
    state = 'over'
    for (const listener of listeners) listener()
  }
  return {
    headers,
    answers,
    streamed,
    get state() {
      return state
    },
    belongTo: () => undefined,
    setHeader: (name, value) => void (value === undefined ? headers.delete(name) : headers.set(name, value)),
    answer(answer) {
      if (state !== 'waiting') return
      answers.push(answer)
      finish()
    },
    openStream() {
      if (state === 'waiting') state = 'streaming'
    },
    openStreamWhenSlow: () => undefined,
    event({ data }: SseEvent) {
      if (state === 'over') return true
      state = 'streaming'
      streamed.push(data)
      return true
    },
    end: finish,
    onRoom: () => undefined,
    onOver(listener) {
      if (state === 'over') listener()
      else listeners.push(listener)
    },
    hangUp: finish,
  }
}

/** Time that passes when a test says so. */
export interface FakeTimers extends Timers {
  pass(milliseconds: number): void
}

export const fakeTimers = (): FakeTimers => {
  const waiting = new Set<{ at: number; readonly listener: () => void }>()
  let now = 0
  return {
    now: () => now,
    after(milliseconds, listener) {
      const timer = { at: now + milliseconds, listener }
      waiting.add(timer)
      return {
        refresh() {
          timer.at = now + milliseconds
          waiting.add(timer)
        },
        cancel: () => void waiting.delete(timer),
      }
    },
    pass(milliseconds) {
      now += milliseconds
      for (const timer of waiting) {
        if (timer.at > now) continue
        waiting.delete(timer)
        timer.listener()
      }
    },
  }
}

/** Reads nothing but how long a result is. */
export const lengthReader: ResultReader = {
  read: text => ({
    resultBytes: text.length,
    resultDigest: '',
    entities: [],
    entitiesOverflow: false,
    wording: '',
  }),
}

const ignore = (): void => undefined

export const silentEvents: ProxyEvents = {
  engineConnected: ignore,
  engineLost: ignore,
  outcomeDropped: ignore,
  requestRejected: ignore,
  requestFailed(error) {
    throw error
  },
  callDecided: ignore,
  requestRefused: ignore,
  callEnded: ignore,
  requestCut: ignore,
  mcpSessionEnded: ignore,
  upstreamFailed: ignore,
  serverMessagesDropped: ignore,
  serverMessageMalformed: ignore,
  serverMessageRefused: ignore,
  responseUnasked: ignore,
  serverError: ignore,
  serverErrorsSuppressed: ignore,
  connectionRefused: ignore,
  answerUnread: ignore,
  serverStreamGivenUp: ignore,
  toolsWithheld: ignore,
  toolsChanged: ignore,
}

/** The open requests of an MCP session at `bank`, of which nobody hears. */
export const fakeExchanges = (timers: Timers, options: Partial<ExchangesOptions> = {}): Exchanges =>
  createExchanges({
    owner: makeSessionId(0, '00000000-0000-4000-8000-000000000001'),
    server: 'bank',
    engine: { reportOutcome: () => undefined },
    results: lengthReader,
    timers,
    events: silentEvents,
    callTimeoutMs: 5_000,
    maxCallMs: 10_000,
    onGivenUp: () => undefined,
    ...options,
  })

/** Whatever follows from promises alone has happened. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
