import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** The connections of a server, by what they wait for. */
export interface OpenConnections {
  /** Closes those without an open request, also those that never sent one; Node's own way leaves these open. */
  readonly closeIdle: () => void
}

export const trackConnections = (server: Server): OpenConnections => {
  const openRequests = new Map<Socket, number>()
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
  }
}
