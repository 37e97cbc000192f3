import type { ServerResponse } from 'node:http'

import type { UnsentShare } from './unsent-bytes.ts'

/** Writes an answer in pieces, so that it shows how fast it is read. */
export interface PacedWriter {
  /** @returns false where more waits than an agent that reads leaves behind: wait for `onRoom` */
  write(text: string): boolean
  end(text?: string): void
  /** Called once, when all that was written has left. */
  onRoom(listener: () => void): void
}

const pieceBytes = 64 * 1024

export const createPacedWriter = (response: ServerResponse, share: UnsentShare): PacedWriter => {
  const waiting: Buffer[] = []
  let inFlight = 0
  let isEnding = false
  let roomListeners: (() => void)[] = []

  const put = (piece: string | Buffer, bytes: number): void => {
    inFlight += bytes
    response.write(piece, () => {
      inFlight -= bytes
      share.sent(bytes)
      goOn()
    })
  }

  const goOn = (): void => {
    const next = waiting.shift()
    if (next !== undefined) return put(next, next.length)
    if (inFlight > 0) return
    if (isEnding) response.end()
    const listeners = roomListeners
    roomListeners = []
    for (const listener of listeners) listener()
  }

  const cut = (text: string): void => {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += pieceBytes) waiting.push(bytes.subarray(at, at + pieceBytes))
    if (inFlight === 0) goOn()
  }

  const write = (text: string): boolean => {
    const bytes = Buffer.byteLength(text)
    share.add(bytes)
    // It may be the one that is too much.
    if (response.destroyed) return true
    if (waiting.length === 0 && bytes <= pieceBytes) put(text, bytes)
    else cut(text)
    return share.bytes <= pieceBytes
  }

  return {
    write,
    end(text = '') {
      const bytes = Buffer.byteLength(text)
      if (waiting.length > 0 || bytes > pieceBytes) {
        if (text !== '') write(text)
        isEnding = true
        return
      }
      share.add(bytes)
      // In one packet with what stands before it.
      if (!response.destroyed) response.end(text, () => share.sent(bytes))
    },
    onRoom: listener => void roomListeners.push(listener),
  }
}
