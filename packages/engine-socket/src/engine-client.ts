import type { SessionId } from '@cordon/foundation'

import type { Answers } from './answer.ts'
import { unasked } from './answer.ts'
import { createClientLink } from './client-link.ts'
import { EngineSocketError } from './engine-socket-error.ts'
import { defaultMaxFrameBytes, encodeFrame, FrameTooLarge } from './frame-encoder.ts'
import type {
  AdmitReply,
  AdmitRequest,
  AuthorizeReply,
  AuthorizeRequest,
  OutcomeReport,
  VouchReply,
  VouchRequest,
} from './messages.ts'
import { createOpenRequests } from './open-requests.ts'
import { parseReply } from './parse-reply.ts'
import { createPassedCalls } from './passed-calls.ts'

export type EngineClientEvent =
  | { readonly type: 'connected' }
  /** Not by closing it. */
  | { readonly type: 'disconnected'; readonly cause: unknown }
  /** The queue was full: the engine will never know how this invocation ended. */
  | { readonly type: 'outcome-dropped' }

export interface EngineClientOptions {
  readonly socketPath: string
  /** From the call to the answer, waiting included. Default 5,000: above what the engine itself allows a gated call to take. */
  readonly requestTimeoutMs?: number
  /** Sent and not yet answered; more wait. Default 256, as many as the server takes of one connection. */
  readonly maxOpenRequests?: number
  /** Frames that wait for their turn; more are refused at once. Default 64 MiB, four of the largest frames. */
  readonly maxQueuedBytes?: number
  readonly maxFrameBytes?: number
  /** Doubled after each failure. Default 20 to 1,000: a restarted engine is found again within a second. */
  readonly minBackoffMs?: number
  readonly maxBackoffMs?: number
  readonly onEvent?: (event: EngineClientEvent) => void
  /**
   * A session may not go on as it did (`undefined`: any of them): how it stands is to be asked. Whether or not the engine can say so, it may
   * say nothing: who waits for it looks from time to time as well.
   */
  readonly onChanged?: (sessionId: SessionId | undefined) => void
}

/** How an enforcement point asks. Never rejects: a call that got no answer is refused with `ENGINE_UNAVAILABLE`. */
export interface EngineClient {
  readonly connected: boolean
  authorize(call: Omit<AuthorizeRequest, 'type' | 'request'>): Promise<AuthorizeReply>
  admit(session: Omit<AdmitRequest, 'type' | 'request'>): Promise<AdmitReply>
  vouch(session: Omit<VouchRequest, 'type' | 'request'>): Promise<VouchReply>
  /** Kept, within the queue's bound, while the engine is away: the next one learns whose it is by the token that its call came with. */
  report(outcome: Omit<OutcomeReport, 'type' | 'call'>): void
  close(): Promise<void>
}

interface Queued {
  readonly frame: Buffer
  /** Absent for outcomes, which nobody waits for. */
  readonly request?: number
  /** It tells the engine that this connection follows. */
  readonly follows?: boolean
}

export const createEngineClient = ({
  socketPath,
  requestTimeoutMs = 5_000,
  maxOpenRequests = 256,
  maxQueuedBytes = 64 * 1024 * 1024,
  maxFrameBytes = defaultMaxFrameBytes,
  minBackoffMs = 20,
  maxBackoffMs = 1_000,
  onEvent,
  onChanged,
}: EngineClientOptions): EngineClient => {
  const requests = createOpenRequests(requestTimeoutMs, () => flush())
  let queue: Queued[] = []
  let queuedBytes = 0
  let nextRequest = 0
  const passed = createPassedCalls()
  let connection = 0
  /** Of this connection. */
  let isFollowing = onChanged === undefined

  const enqueue = (queued: Queued): boolean => {
    if (queuedBytes + queued.frame.length > maxQueuedBytes) return false
    queue.push(queued)
    queuedBytes += queued.frame.length
    flush()
    return true
  }

  /** Sends in order, so that the engine learns a result's entities before the call that may carry them. */
  const flush = (): void => {
    let sent = 0
    for (const { frame, request, follows = false } of queue) {
      if (!link.hasRoom || (request !== undefined && requests.sent >= maxOpenRequests)) break
      // A request that timed out in the queue is not worth an answer.
      if (request === undefined || requests.markSent(request)) {
        link.write(frame)
        isFollowing ||= follows
      }
      queuedBytes -= frame.length
      sent += 1
    }
    if (sent > 0) queue = queue.slice(sent)
  }

  const link = createClientLink({
    socketPath,
    maxFrameBytes,
    minBackoffMs,
    maxBackoffMs,
    onOpen() {
      connection += 1
      isFollowing = onChanged === undefined
      onEvent?.({ type: 'connected' })
      flush()
    },
    onText(text) {
      const message = parseReply(text)
      if (message.type === 'changed') onChanged?.(message.sessionId)
      else requests.settle(message)
    },
    onDrain: flush,
    onLost(cause) {
      queue = queue.filter(({ request }) => request === undefined)
      queuedBytes = queue.reduce((bytes, { frame }) => bytes + frame.length, 0)
      requests.refuseAll('The engine went away before it answered.')
      onEvent?.({ type: 'disconnected', cause })
    },
  })

  /** @param shorter what stands instead of the members that make the frame too large: the engine has to know of it all the same */
  const encodeBounded = (message: object, shorter: (bytes: number) => object): Buffer => {
    try {
      return encodeFrame(message, maxFrameBytes)
    } catch (error) {
      if (!(error instanceof FrameTooLarge)) throw error
      return encodeFrame({ ...message, ...shorter(error.bytes) }, maxFrameBytes)
    }
  }

  const ask = async <Type extends keyof Answers>(
    type: Type,
    body: object,
  ): Promise<Answers[Type] & { type: Type; request: number }> => {
    const request = nextRequest++
    const unavailable = (message: string): Answers[Type] =>
      unasked(type, { reason: 'ENGINE_UNAVAILABLE', message })
    if (!link.connected) return { type, request, ...unavailable('The engine is not reachable.') }
    let frame: Buffer
    const follows = !isFollowing
    try {
      const message = { type, request, ...body, ...(follows && { follows }) }
      frame = encodeBounded(message, bytes => ({ arguments: {}, leftOutBytes: bytes }))
    } catch (error) {
      const message =
        error instanceof EngineSocketError ? error.message : 'The arguments are nested too deep.'
      return { type, request, ...unasked(type, { reason: 'ARGUMENTS_INVALID', message }) }
    }
    const reply = requests.open(type, request)
    if (!enqueue({ frame, request, follows })) requests.refuse(request, 'The engine is overloaded.')
    return { type, request, ...(await reply) }
  }

  return {
    get connected() {
      return link.connected
    },
    async authorize(call) {
      const reply = await ask('authorize', call)
      const { verdict, invocationId } = reply
      if (verdict === 'forward' && invocationId !== undefined) passed.add(invocationId, call, connection)
      return reply
    },
    admit: session => ask('admit', session),
    vouch: session => ask('vouch', session),
    report(outcome) {
      const goesNow = link.hasRoom && queue.length === 0
      const call = passed.take(outcome.invocationId, goesNow ? connection : undefined)
      const message = { type: 'outcome', ...outcome, ...(call && { call }) }
      const frame = encodeBounded(message, () => ({ entities: [], entitiesOverflow: true }))
      if (!enqueue({ frame })) onEvent?.({ type: 'outcome-dropped' })
    },
    async close() {
      await link.close()
      requests.refuseAll('The enforcement point is closing.')
    },
  }
}
