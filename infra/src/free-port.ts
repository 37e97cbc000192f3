import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { randomInt } from 'node:crypto'

// Below the ports that systems give to outgoing connections: none of those can come between the search and the use.
const lowest = 20_000
const highest = 32_000
const attempts = 200

/**
 * A loopback port that nothing listens on: `preferred` where it is free, so that an address which someone wrote into
 * a client stays the same over restarts, else one by chance. No other launcher is given it while this process lives:
 * who finds a port holds the UDP port of the same number, which nothing else here uses.
 * @throws Error if none was found
 */
export const findFreePort = async (preferred?: number): Promise<number> => {
  if (preferred !== undefined && (await reserve(preferred))) return preferred
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = randomInt(lowest, highest)
    if (await reserve(port)) return port
  }
  throw new Error(`expected a free port from ${lowest} to ${highest}, got none in ${attempts} attempts`)
}

const reserve = async (port: number): Promise<boolean> => (await isFree(port)) && (await mark(port))

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

const mark = async (port: number): Promise<boolean> => {
  const socket = createSocket('udp4').unref()
  try {
    socket.bind({ port, address: '127.0.0.1', exclusive: true })
    await once(socket, 'listening')
    return true
  } catch {
    socket.close()
    return false
  }
}
