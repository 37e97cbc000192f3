import { EngineSocketError } from './engine-socket-error.ts'

/** Bytes of the length that stands before each frame: uint32, big endian. */
export const frameHeaderBytes = 4

/**
 * 1 MiB of arguments, more than which the engine judges nothing, and 64 KiB for all around them. What is larger is not even
 * read: reading it would hold up the calls beside it.
 */
export const defaultMaxFrameBytes: number = 1024 * 1024 + 64 * 1024

/** `FRAME_TOO_LARGE` of a frame that was to be written. */
export class FrameTooLarge extends EngineSocketError {
  readonly bytes: number

  constructor(bytes: number, maxBytes: number) {
    super('FRAME_TOO_LARGE', `frame: expected at most ${maxBytes} bytes, got ${bytes}`)
    this.bytes = bytes
  }
}

/**
 * One message as a frame: its length, then its JSON in UTF-8.
 * @throws EngineSocketError `FRAME_TOO_LARGE`; whatever `JSON.stringify` throws for what is no JSON value, or too deep
 */
export const encodeFrame = (message: unknown, maxFrameBytes: number = defaultMaxFrameBytes): Buffer => {
  const text = JSON.stringify(message)
  const length = Buffer.byteLength(text)
  if (length > maxFrameBytes) {
    throw new FrameTooLarge(length, maxFrameBytes)
  }
  const frame = Buffer.allocUnsafe(frameHeaderBytes + length)
  frame.writeUInt32BE(length)
  frame.write(text, frameHeaderBytes)
  return frame
}
