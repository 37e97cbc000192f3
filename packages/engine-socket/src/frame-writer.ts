import type { Writable } from 'node:stream'

/**
 * Writes frames to a socket: those of one turn together, with the turn's end. Each write is a system call that wakes the peer, and
 * calls are often decided, or come, several at a time.
 */
export const createFrameWriter = (socket: Writable): ((frame: Buffer) => void) => {
  let isGathering = false
  return frame => {
    if (!isGathering) {
      isGathering = true
      socket.cork()
      process.nextTick(() => {
        isGathering = false
        socket.uncork()
      })
    }
    socket.write(frame)
  }
}
