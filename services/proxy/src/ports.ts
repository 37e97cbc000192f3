import type {
  AdmitAnswer,
  AdmitRequest,
  AuthorizeAnswer,
  AuthorizeRequest,
  OutcomeReport,
  VouchAnswer,
  VouchRequest,
} from '@cordon/engine-socket'
import type { SseEvent } from '@cordon/framing'

import type { Answer } from './core/answer.ts'
import type { Fault } from './core/fault.ts'
import type { HttpServer, PipeServer } from './core/tool-server.ts'

/** The policy decision point. Never rejects: no answer is a refusal. */
export interface Engine {
  readonly connected: boolean
  /** What the next proof has to name, as far as it was heard; empty before that. */
  readonly nonce: string
  authorize(call: Omit<AuthorizeRequest, 'type' | 'request'>): Promise<AuthorizeAnswer>
  admit(session: Omit<AdmitRequest, 'type' | 'request'>): Promise<AdmitAnswer>
  /** Between an agent's requests: nothing is let through by it. */
  vouch(session: Omit<VouchRequest, 'type' | 'request'>): Promise<VouchAnswer>
  /**
   * Reaches the engine before any question that is asked after it.
   * @param read called once what this turn of the event loop wrote has left: an answer does not wait until it is read
   */
  reportOutcome(read: () => CallOutcome): void
}

export type CallOutcome = Omit<OutcomeReport, 'type' | 'call'>

/** What a result holds, as the engine wants to know it. */
export type ResultFacts = Pick<
  OutcomeReport,
  'resultBytes' | 'resultDigest' | 'entities' | 'entitiesOverflow' | 'wording'
>

export interface ResultReader {
  /** @param text the message as it goes to the agent @param result what of it the agent's model gets to see */
  read(text: string, result: unknown): ResultFacts
}

/** Where the answer to one HTTP request of the agent goes. Once it is over, everything that it is told is ignored. */
export interface AgentReply {
  /** `streaming` after the first event; `over` once all is said, or the agent hung up. */
  readonly state: 'waiting' | 'streaming' | 'over'
  /** What of it nobody reads counts for this session. */
  belongTo(owner: string): void
  /** Sent with whatever begins the answer. */
  setHeader(name: string, value: string): void
  /** All of it. */
  answer(answer: Answer): void
  /** Opens the stream before there is an event for it. */
  openStream(): void
  /** Opens the stream by itself when nothing was said for some time: agents give up on a silent request. */
  openStreamWhenSlow(): void
  /** @returns false where the agent does not read as fast: wait for `onRoom` */
  event(event: SseEvent): boolean
  /** Ends a stream; where nothing was said, an empty one. */
  end(): void
  onRoom(listener: () => void): void
  /** Called once, at once where it is over already. */
  onOver(listener: () => void): void
}

/** A tool server all of whose messages come on one way: a child on its standard streams, or HTTP with one stream. */
export interface ServerPipe {
  /** One message. @returns false where the server does not read and too much waits: it was not sent */
  send(text: string): boolean
  pause(): void
  resume(): void
  /** Closes its input, then asks, then kills; resolves when it is gone. */
  end(): Promise<void>
}

export interface PipeListener {
  /** One line of its output, without the line's end. */
  onLine(line: string): void
  /** A line that is no UTF-8. @param line what can be read of it, which is not what its server meant */
  onGarbled(line: string): void
  /** Once: it could not be started, ended, or broke the protocol. */
  onGone(fault: Fault): void
}

export interface ServerPipes {
  start(name: string, server: PipeServer, listener: PipeListener): ServerPipe
}

/** One HTTP request to a tool server. */
export interface HttpCall {
  readonly server: HttpServer
  readonly method: 'POST' | 'GET' | 'DELETE'
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** How long the answer's head may take; unbounded where whoever asks bounds it. */
  readonly timeoutMs?: number
}

export interface HttpAnswer {
  readonly status: number
  /** The media type alone, in lower case; empty where there is none. */
  readonly mediaType: string
  readonly mcpSessionId: string | undefined
  /** @param timeoutMs how long it may take; unbounded where whoever asks bounds it @returns a fault where it is larger than allowed, not UTF-8, or breaks off */
  text(timeoutMs?: number): Promise<string | Fault>
  events(sink: EventSink): void
  /** After a `take` that answered false. */
  resume(): void
  /** Reads the rest for nobody, for a little while, so that the connection can be used again. */
  discard(): void
}

export interface EventSink {
  /** @returns false where it has to wait for `resume` */
  take(event: SseEvent): boolean
  /** Once, after the last event. */
  over(fault: Fault | undefined): void
}

export interface HttpExchange {
  readonly answer: Promise<HttpAnswer | Fault>
  abort(): void
}

export interface HttpServers {
  send(call: HttpCall): HttpExchange
}

/** Monotonic milliseconds and waiting. */
export interface Timers {
  now(): number
  /** A timer that never keeps the process alive. */
  after(milliseconds: number, listener: () => void): Timer
}

export interface Timer {
  /** Starts anew. */
  refresh(): void
  cancel(): void
}
