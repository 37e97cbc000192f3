import { CordonError, errorCode } from '@cordon/foundation'
import type { LogData, Telemetry } from '@cordon/telemetry'

/** One function per fact of the shim; nobody scrapes it, so they are lines on standard error alone. */
export interface ConnectEvents {
  readonly sessionHeld: (folder: string) => void
  readonly sessionOpened: (sessionId: string) => void
  readonly sessionEnded: () => void
  /** Identity could not be told of its end. */
  readonly sessionLeft: (error: unknown) => void
  readonly proxyAway: (attempt: number, code: string) => void
  readonly notificationLost: (error: unknown) => void
  readonly streamLost: (error: unknown) => void
  readonly streamGivenUp: () => void
  readonly mcpSessionReopened: () => void
  readonly browserFailed: (error: unknown) => void
  readonly requestFaulted: (error: unknown) => void
}

export const createEvents = ({ log }: Telemetry): ConnectEvents => ({
  sessionHeld: folder => log.info({ folder }, 'this process holds the session of the profile'),
  sessionOpened: sessionId => log.info({ sessionId }, 'session opened'),
  sessionEnded: () => log.info({}, 'session ended'),
  sessionLeft: error => log.warn(faultData(error), 'session left to end by itself'),
  proxyAway: (attempt, code) => log.warn({ attempt, code }, 'proxy away, trying again'),
  notificationLost: error => log.warn(faultData(error), 'notification lost'),
  streamLost: error => log.warn(faultData(error), 'server stream lost, opening it again'),
  streamGivenUp: () => log.warn({}, 'stream of a tool server given up: it ends at once'),
  mcpSessionReopened: () => log.info({}, 'server forgot the MCP session, opened anew'),
  // The address was printed as well: a stack would only hide it.
  browserFailed: error => log.info({ code: errorCode(error) }, 'no browser opened'),
  requestFaulted: error => log.error({ error }, 'request met a fault here'),
})

/** What Cordon itself has to say reads as it is; anything else is a fault of ours and needs its stack. */
const faultData = (error: unknown): LogData =>
  error instanceof CordonError ? { code: error.code, problem: error.message } : { error }
