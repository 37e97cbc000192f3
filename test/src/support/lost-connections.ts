import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

const channel = 'net.client.socket'

export interface Connections {
  /** Lets what is sent through and nothing back, on every connection that is open now. */
  readonly deafen: () => void
  /** Returns how many there were. */
  readonly breakAll: () => number
}

/** Gathers every connection that this process opens from now on, so that a test can disturb them. */
export const gatherConnections = (test: { after(end: () => void): void }): Connections => {
  const open = new Set<Socket>()
  const onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket }
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  }
  subscribe(channel, onSocket)
  test.after(() => void unsubscribe(channel, onSocket))
  return {
    deafen: () => {
      for (const socket of open) socket.pause()
    },
    breakAll: () => {
      const broken = open.size
      for (const socket of open) socket.destroy(new Error('broken by the test'))
      return broken
    },
  }
}
