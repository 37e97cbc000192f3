import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** The connections of a server, by what they wait for. */
export interface OpenConnections {
  /** Closes those without an open request, also those that never sent one; Node's own way leaves these open. */
  readonly closeIdle: () => void
  readonly hasOpenRequest: (socket: Duplex) => boolean
}

export const trackConnections = (server: Server): OpenConnections => {
  const openRequests = new Map<Duplex, number>()
  server.on('connection', (socket: Socket) => {
    openRequests.set(socket, 0)
    socket.once('close', () => openRequests.delete(socket))
  })
  server.on('request', ({ socket }, response) => {
    openRequests.set(socket, (openRequests.get(socket) ?? 0) + 1)
    response.once('close', () => {
      const open = openRequests.get(socket)
      if (open !== undefined) openRequests.set(socket, open - 1)
    })
  })
  return {
    closeIdle() {
      for (const [socket, open] of openRequests) if (open === 0) socket.destroy()
    },
    hasOpenRequest: socket => (openRequests.get(socket) ?? 0) > 0,
  }
}
