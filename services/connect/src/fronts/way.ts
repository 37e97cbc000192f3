import type { Upstream } from '../ports.ts'
import type { FrontFaults, Output } from './stdio-front.ts'

/** Between a client on standard streams and its server. */
export interface Way {
  readonly server: string
  readonly upstream: Upstream
  readonly output: Output
  readonly faults: FrontFaults
  /** Aborted when the client is gone. */
  readonly closed: AbortSignal
}

export const postHeaders = {
  accept: 'application/json, text/event-stream',
  'content-type': 'application/json',
} as const
