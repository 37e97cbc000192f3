import type { Socket } from 'node:net'

import { hasInexactNumber } from '@cordon/foundation'

import type { Answers } from './answer.ts'
import { refuse, unasked } from './answer.ts'
import type { EngineServerHandlers } from './engine-server.ts'
import { createFrameDecoder } from './frame-decoder.ts'
import { encodeFrame } from './frame-encoder.ts'
import { createFrameWriter } from './frame-writer.ts'
import type { EngineNotice, EngineRequest } from './messages.ts'
import { RefusableRequest, parseRequest } from './parse-request.ts'

export interface ServerConnection {
  /** @returns false where the peer follows and does not read: it is not told */
  tell(notice: EngineNotice): boolean
  /** Reads no further, answers what is open, then closes. */
  drain(): Promise<void>
}

export interface ServerConnectionLimits {
  readonly maxOpenRequests: number
  readonly maxFrameBytes: number
}

const hangUpGraceMs = 500
/** What is read in one turn: more takes milliseconds, and whoever waits for a verdict meanwhile has a deadline. */
const turnBytes = 64 * 1024

/** Serves one enforcement point. Whatever it sends, at worst its own connection is closed. */
export const serveConnection = (
  socket: Socket,
  handlers: EngineServerHandlers,
  { maxOpenRequests, maxFrameBytes }: ServerConnectionLimits,
): ServerConnection => {
  const decoder = createFrameDecoder(maxFrameBytes)
  const write = createFrameWriter(socket)
  const closed = new Promise<void>(resolve => {
    socket.once('close', () => resolve())
  })
  let open = 0
  let draining = false
  let follows = false
  let nextTurn: NodeJS.Immediate | undefined

  const answer = <Type extends keyof Answers>(type: Type, request: number, body: Answers[Type]): void => {
    if (!socket.destroyed) write(encodeFrame({ type, request, ...body }, maxFrameBytes))
  }

  const respond = async <Type extends keyof Answers>(
    type: Type,
    request: number,
    handle: () => Promise<Answers[Type]>,
  ): Promise<void> => {
    open += 1
    try {
      answer(type, request, await handle())
    } catch (error) {
      handlers.onEvent?.({ type: 'handler-failed', error })
      answer(
        type,
        request,
        refuse(type, { reason: 'ENGINE_UNAVAILABLE', message: 'The engine failed on this call.' }),
      )
    }
    open -= 1
    read()
  }

  const dispatch = (message: EngineRequest, text: string): void => {
    if (message.type !== 'outcome' && message.follows === true) follows = true
    switch (message.type) {
      case 'authorize':
        void respond('authorize', message.request, () =>
          handlers.onAuthorize(message, {
            bytes: message.leftOutBytes ?? Buffer.byteLength(text),
            isInexact: hasInexactNumber(text),
          }),
        )
        break
      case 'admit':
        void respond('admit', message.request, () => handlers.onAdmit(message))
        break
      case 'vouch':
        void respond('vouch', message.request, () => handlers.onVouch(message))
        break
      case 'outcome':
        try {
          handlers.onOutcome(message)
        } catch (error) {
          handlers.onEvent?.({ type: 'handler-failed', error })
        }
    }
  }

  const take = (text: string): void => {
    try {
      dispatch(parseRequest(text), text)
    } catch (error) {
      if (!(error instanceof RefusableRequest)) throw error
      const message = `The call is malformed: ${error.message}`
      answer(error.type, error.request, unasked(error.type, { reason: 'ARGUMENTS_INVALID', message }))
    }
  }

  const leave = (): void => {
    socket.end()
    // A peer that does not hang up must not keep the engine from ending.
    setTimeout(() => socket.destroy(), hangUpGraceMs).unref()
  }

  const hasRoom = (): boolean =>
    !draining &&
    !socket.destroyed &&
    nextTurn === undefined &&
    open < maxOpenRequests &&
    !socket.writableNeedDrain

  const readOn = (): void => {
    nextTurn = undefined
    read()
  }

  /** Takes frames while there is room for their answers; the socket's own flow control does the rest. */
  const read = (): void => {
    let bytesLeft = turnBytes
    try {
      while (hasRoom()) {
        const text = decoder.next()
        if (text === undefined) {
          socket.resume()
          return
        }
        take(text)
        bytesLeft -= text.length
        if (bytesLeft < 0) nextTurn = setImmediate(readOn)
      }
      socket.pause()
      if (draining && open === 0) leave()
    } catch (error) {
      handlers.onEvent?.({ type: 'peer-broken', error })
      socket.destroy()
    }
  }

  socket.on('data', chunk => {
    decoder.push(chunk)
    read()
  })
  socket.on('drain', read)
  // A reset by the peer is an ordinary end; without a listener it would end the process.
  socket.on('error', () => socket.destroy())

  return {
    tell(notice) {
      if (!follows || socket.destroyed) return true
      // What it does not read must not gather here; it looks by itself too.
      if (socket.writableNeedDrain) return false
      write(encodeFrame(notice, maxFrameBytes))
      return true
    },
    drain() {
      draining = true
      read()
      return closed
    },
  }
}
