import type { SessionId } from '@cordon/foundation'

/**
 * When a session was opened, read from its id: a UUIDv7 begins with 48 bits of milliseconds (RFC 9562 §5.7). So a session
 * expires on time even if the process that opened it is gone.
 */
export const openedAt = (sessionId: SessionId): number => {
  const uuid = sessionId.slice(sessionId.indexOf('.') + 1)
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16)
}
