import { EngineSocketError } from './engine-socket-error.ts'
import { defaultMaxFrameBytes, frameHeaderBytes } from './frame-encoder.ts'

/** Cuts a byte stream into frames, wherever its chunks begin and end. Pulled, so that a reader who is busy takes none. */
export interface FrameDecoder {
  /** Takes the next bytes; the chunk may be used again afterwards. */
  push(chunk: Buffer): void
  /**
   * The next whole frame's text, or `undefined` until more bytes are here.
   * @throws EngineSocketError `FRAME_TOO_LARGE`, `FRAME_MALFORMED`: the stream cannot be read on after it
   */
  next(): string | undefined
}

const initialCapacity = 64 * 1024

export const createFrameDecoder = (maxFrameBytes: number = defaultMaxFrameBytes): FrameDecoder => {
  // `fatal`: what the engine judges must be what the tool server gets, so nothing is silently replaced.
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let buffer = Buffer.allocUnsafe(initialCapacity)
  let start = 0
  let end = 0

  const makeRoom = (bytes: number): void => {
    if (end + bytes <= buffer.length) return
    const held = end - start
    // Doubling keeps a frame that trickles in byte by byte linear in time and space.
    const target = held + bytes <= buffer.length / 2 ? buffer : Buffer.allocUnsafe(2 * (held + bytes))
    buffer.copy(target, 0, start, end)
    buffer = target
    start = 0
    end = held
  }

  const release = (): void => {
    if (start < end) return
    start = 0
    end = 0
    if (buffer.length > initialCapacity) buffer = Buffer.allocUnsafe(initialCapacity)
  }

  const decodeText = (from: number, to: number): string => {
    try {
      return utf8.decode(buffer.subarray(from, to))
    } catch (error) {
      throw new EngineSocketError('FRAME_MALFORMED', 'frame: expected UTF-8, got other bytes', {
        cause: error,
      })
    }
  }

  return {
    push(chunk) {
      makeRoom(chunk.length)
      chunk.copy(buffer, end)
      end += chunk.length
    },
    next() {
      if (end - start < frameHeaderBytes) return undefined
      const length = buffer.readUInt32BE(start)
      if (length > maxFrameBytes) {
        throw new EngineSocketError(
          'FRAME_TOO_LARGE',
          `frame: expected at most ${maxFrameBytes} bytes, got ${length}`,
        )
      }
      const bodyStart = start + frameHeaderBytes
      if (end < bodyStart + length) return undefined
      start = bodyStart + length
      const text = decodeText(bodyStart, start)
      release()
      return text
    },
  }
}
