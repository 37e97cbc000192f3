import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { CordonError } from '@cordon/foundation'
import { type Lock, takeLock } from '@cordon/lifecycle'

import { networkCodeOf } from '../adapters/network-fault.ts'
import type { ConnectErrorCode } from '../core/error-code.ts'
import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../ports.ts'
import { createGateway } from './gateway.ts'
import { serveSessionEnd, type SessionEnd } from './session-end.ts'
import { type OpenServer, openSocketServer, socketPathIn } from './socket-server.ts'
import { createSocketUpstream } from './socket-upstream.ts'

/** The session itself, in the process that holds it. */
export interface Held {
  readonly upstream: Upstream
  /** The human logged out. @returns `undefined` where none was open */
  endSession(): Promise<SessionEnd | undefined>
  close(): Promise<void>
}

/**
 * One session for all processes of a profile: the first one holds it and serves the others over a Unix socket, since the calls of a
 * session are counted in one place. When it ends, however it ends, the next one that needs the session takes its place.
 */
export interface SharedUpstream extends Upstream {
  close(): Promise<void>
}

/** Who holds the session that this process uses. */
type Role =
  { readonly kind: 'guest' } | { readonly kind: 'holder'; readonly held: Held; close(): Promise<void> }

/** Between its lock and its socket a holder only makes a folder: some 12 s are for machines that are very busy. */
const attempts = 60
const pauseMs = 200

export const createSharedUpstream = (options: {
  /** Belongs to the profile alone; made where it is missing. */
  readonly folder: string
  readonly hold: () => Held
  readonly onHolding: () => void
  readonly onFault: (error: unknown) => void
}): SharedUpstream => {
  const { folder } = options
  const socketPath = socketPathIn(folder)
  const guest = createSocketUpstream(socketPath)
  let role: Promise<Role> | undefined
  let isClosed = false

  const takeRole = async (): Promise<Role> => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const lock = await tryLock(join(folder, 'lock'))
    if (lock === undefined) return { kind: 'guest' }
    let server: OpenServer
    const held = options.hold()
    try {
      const { onFault } = options
      const gateway = createGateway({ upstream: held.upstream, onFault })
      server = await openSocketServer(
        socketPath,
        serveSessionEnd(gateway, () => held.endSession(), onFault),
      )
    } catch (error) {
      lock.release()
      throw error
    }
    options.onHolding()
    return {
      kind: 'holder',
      held,
      close: async () => {
        await server.close()
        // The next one may begin before the session has ended: it opens one of its own.
        lock.release()
        await held.close()
      },
    }
  }

  const currentRole = (): Promise<Role> => {
    if (isClosed) return Promise.reject(unavailable('a process that ends'))
    if (role === undefined) {
      const taking = takeRole()
      role = taking
      taking.catch(() => {
        if (role === taking) role = undefined
      })
    }
    return role
  }

  const send = async (request: UpstreamRequest): Promise<UpstreamAnswer> => {
    for (let made = 1; ; made += 1) {
      const using = currentRole()
      const current = await using
      if (current.kind === 'holder') return current.held.upstream.send(request)
      try {
        return await guest.send(request)
      } catch (error) {
        if (request.signal.aborted) throw error
        if (role === using) role = undefined
        if (!guest.wasUnsent(error)) throw answerLost(error)
        if (made === attempts) throw unavailable(networkCodeOf(error), error)
        // The first time the holder is most likely gone, and its place free.
        if (made > 1) await sleep(pauseMs, undefined, { signal: request.signal })
      }
    }
  }

  return {
    send,
    close: async () => {
      isClosed = true
      const current = await role?.catch(() => undefined)
      if (current?.kind === 'holder') await current.close()
    },
  }
}

const tryLock = async (file: string): Promise<Lock | undefined> => {
  try {
    return await takeLock(file, { what: 'session', holderPid: process.pid, waitMs: -1 })
  } catch (error) {
    if (error instanceof CordonError && error.code === 'FOLDER_IN_USE') return undefined
    throw error
  }
}

const unavailable = (got: string, cause?: unknown): CordonError<ConnectErrorCode> =>
  new CordonError(
    'HOLDER_UNAVAILABLE',
    `session: expected the process that holds it to answer, got ${got}; nothing was sent, the request can be made again`,
    { retryable: true, cause },
  )

const answerLost = (cause: unknown): CordonError<ConnectErrorCode> =>
  new CordonError(
    'ANSWER_LOST',
    `session: expected an answer from the process that holds it, got ${networkCodeOf(cause)}; the request may have been carried out, and is not sent again`,
    { cause },
  )
