import type { Socket } from 'node:net'
import { createConnection } from 'node:net'

import { createFrameDecoder } from './frame-decoder.ts'
import { createFrameWriter } from './frame-writer.ts'

export interface ClientLinkOptions {
  readonly socketPath: string
  readonly maxFrameBytes: number
  readonly minBackoffMs: number
  readonly maxBackoffMs: number
  readonly onOpen: () => void
  /** A whole frame; a throw means that the engine does not speak the protocol, and ends this connection. */
  readonly onText: (text: string) => void
  /** There is room for more frames again. */
  readonly onDrain: () => void
  /** A connection that stood is gone, and not by `close`; `cause` where there was an error. Another one is being tried for. */
  readonly onLost: (cause: unknown) => void
}

/** A connection to the engine that is made again whenever it is lost. */
export interface ClientLink {
  readonly connected: boolean
  /** False while the socket's buffer is full: wait for `onDrain`. */
  readonly hasRoom: boolean
  write(frame: Buffer): void
  close(): Promise<void>
}

export const createClientLink = (options: ClientLinkOptions): ClientLink => {
  let socket: Socket | undefined
  let writeFrame: ((frame: Buffer) => void) | undefined
  let connected = false
  let closing = false
  let backoffMs = options.minBackoffMs
  let retry: NodeJS.Timeout | undefined

  const connect = (): void => {
    const decoder = createFrameDecoder(options.maxFrameBytes)
    const attempt = createConnection(options.socketPath)
    let cause: unknown
    socket = attempt
    writeFrame = createFrameWriter(attempt)
    attempt.on('connect', () => {
      connected = true
      backoffMs = options.minBackoffMs
      options.onOpen()
    })
    attempt.on('data', chunk => {
      try {
        decoder.push(chunk)
        for (let text = decoder.next(); text !== undefined; text = decoder.next()) options.onText(text)
      } catch (error) {
        attempt.destroy(error instanceof Error ? error : undefined)
      }
    })
    attempt.on('drain', options.onDrain)
    attempt.on('error', error => {
      cause = error
    })
    attempt.on('close', () => {
      const stood = connected
      connected = false
      if (closing) return
      retry = setTimeout(connect, backoffMs)
      backoffMs = Math.min(2 * backoffMs, options.maxBackoffMs)
      if (stood) options.onLost(cause)
    })
  }

  connect()

  return {
    get connected() {
      return connected
    },
    get hasRoom() {
      return connected && socket?.writableNeedDrain === false
    },
    write(frame) {
      writeFrame?.(frame)
    },
    async close() {
      closing = true
      clearTimeout(retry)
      const last = socket
      if (last === undefined || last.closed) return
      await new Promise<void>(resolve => {
        last.once('close', () => resolve())
        if (connected) last.end(() => last.destroy())
        else last.destroy()
      })
    },
  }
}
