import { chmod, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join, relative } from 'node:path'

import { CordonError } from '@cordon/foundation'

import type { ConnectErrorCode } from '../core/error-code.ts'
import type { Gateway } from './gateway.ts'

export interface OpenServer {
  /** Turns new requests away, waits for the open ones a little, and ends the streams. */
  close(): Promise<void>
}

/** Long enough for what is nearly done; a stream is gone on with by whoever listens. */
const drainMs = 1_000

/** Serves on a Unix socket that only its owner may use; whatever is there is of a process that ended. */
export const openSocketServer = async (socketPath: string, gateway: Gateway): Promise<OpenServer> => {
  await rm(socketPath, { force: true })
  const server = createServer(gateway)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, resolve)
  })
  await chmod(socketPath, 0o600)
  return { close: () => closeServer(server) }
}

export const closeServer = async (server: ReturnType<typeof createServer>): Promise<void> => {
  const closed = new Promise(resolve => server.close(resolve))
  const timer = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearTimeout(timer)
}

/** Of `sockaddr_un`, on the system that allows least. */
const longestPath = 103

/**
 * The way to the socket in a profile's folder that the system takes: the shorter of the two ways to write it.
 * @throws CordonError `SOCKET_PATH_TOO_LONG`
 */
export const socketPathIn = (folder: string): string => {
  const path = join(folder, 'socket')
  const near = relative(process.cwd(), path)
  const shorter = Buffer.byteLength(near) < Buffer.byteLength(path) ? near : path
  if (Buffer.byteLength(shorter) <= longestPath) return shorter
  throw new CordonError<ConnectErrorCode>(
    'SOCKET_PATH_TOO_LONG',
    `profile: expected a folder whose socket ${path} has at most ${longestPath} bytes, got ${Buffer.byteLength(path)}`,
  )
}
