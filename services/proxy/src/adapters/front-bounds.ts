import { descriptorLimit } from './descriptor-limit.ts'

/** What agents may take of this process, all of them together. */
export interface FrontBounds {
  readonly maxConnections: number
  /** Of the bodies that are being read, or judged. */
  readonly maxBufferedBytes: number
  /** Of a body whose sender was not admitted yet. */
  readonly maxSmallBodyBytes: number
  /** While more than half of the buffered bytes are taken: how long a body may take, and how long it may stand still. */
  readonly shortPatienceMs: number
  readonly shortIdleMs: number
  /** Of answers that were written and not read. */
  readonly maxUnsentBytes: number
  readonly maxUnsentBytesPerSession: number
  /** How long nothing of an answer may leave. */
  readonly stallMs: number
}

const mebibyte = 1024 * 1024

export const defaultBounds: FrontBounds = {
  // The other half is for tool servers: three pipes for a child, a connection for each open request over HTTP.
  maxConnections: Math.min(8_192, Math.floor(descriptorLimit() / 2)),
  maxBufferedBytes: 64 * mebibyte,
  maxSmallBodyBytes: 64 * 1024,
  shortPatienceMs: 5_000,
  shortIdleMs: 1_000,
  maxUnsentBytes: 256 * mebibyte,
  maxUnsentBytesPerSession: 64 * mebibyte,
  stallMs: 30_000,
}
