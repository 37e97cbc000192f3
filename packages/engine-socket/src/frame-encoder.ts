import { EngineSocketError } from './engine-socket-error.ts'

/** Bytes of the length that stands before each frame: uint32, big endian. */
export const frameHeaderBytes = 4

/** 16 MiB: arguments of this size are no tool call any more, and two such frames still fit into a small container. */
export const defaultMaxFrameBytes: number = 16 * 1024 * 1024

/**
 * One message as a frame: its length, then its JSON in UTF-8.
 * @throws EngineSocketError `FRAME_TOO_LARGE`; whatever `JSON.stringify` throws for what is no JSON value, or too deep
 */
export const encodeFrame = (message: unknown, maxFrameBytes: number = defaultMaxFrameBytes): Buffer => {
  const text = JSON.stringify(message)
  const length = Buffer.byteLength(text)
  if (length > maxFrameBytes) {
    throw new EngineSocketError(
      'FRAME_TOO_LARGE',
      `frame: expected at most ${maxFrameBytes} bytes, got ${length}`,
    )
  }
  const frame = Buffer.allocUnsafe(frameHeaderBytes + length)
  frame.writeUInt32BE(length)
  frame.write(text, frameHeaderBytes)
  return frame
}
