import { lstat, unlink } from 'node:fs/promises'
import type { Server } from 'node:net'
import { createConnection } from 'node:net'

import { EngineSocketError } from './engine-socket-error.ts'

// `sun_path` of Linux holds 108 bytes with the closing zero (unix(7)); longer paths are cut or refused with a bare EINVAL.
const maxPathBytes = 107
// Only the engine's own user: file permissions are what says who may ask.
const ownerOnly = 0o177

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

const bind = (server: Server, socketPath: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    // The file appears within `listen`, synchronously: there is no moment in which others could open it.
    const umask = process.umask(ownerOnly)
    try {
      server.listen(socketPath, () => {
        server.off('error', reject)
        resolve()
      })
    } finally {
      process.umask(umask)
    }
  })

const somebodyListens = (socketPath: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const probe = createConnection(socketPath, () => {
      probe.destroy()
      resolve(true)
    })
    probe.on('error', error => {
      const code = codeOf(error)
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve(false)
      else reject(error)
    })
  })

const removeStale = async (socketPath: string): Promise<void> => {
  const stat = await lstat(socketPath)
  if (!stat.isSocket()) {
    throw new EngineSocketError(
      'SOCKET_PATH_INVALID',
      `socket path ${socketPath}: expected a socket or nothing, got another file`,
    )
  }
  if (await somebodyListens(socketPath)) {
    throw new EngineSocketError(
      'SOCKET_IN_USE',
      `socket path ${socketPath}: expected nobody to listen, got an engine that answers`,
    )
  }
  await unlink(socketPath)
}

/**
 * Listens on a socket file that only this user can open; a file that a dead engine left is replaced.
 * @throws EngineSocketError `SOCKET_IN_USE`, `SOCKET_PATH_INVALID`
 */
export const listenOnSocketFile = async (server: Server, socketPath: string): Promise<void> => {
  const bytes = Buffer.byteLength(socketPath)
  if (bytes > maxPathBytes) {
    throw new EngineSocketError(
      'SOCKET_PATH_INVALID',
      `socket path: expected at most ${maxPathBytes} bytes, got ${bytes}`,
    )
  }
  try {
    await bind(server, socketPath)
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error
    await removeStale(socketPath)
    await bind(server, socketPath)
  }
}
