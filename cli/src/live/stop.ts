import { toSeconds } from '../operator/table-lines.ts'

/** A scope that the kill switch stops. */
export interface Stop {
  /** `<kind>:<id>`. */
  readonly scope: string
  readonly by: string
  readonly reason: string
  /** Milliseconds since the Unix epoch. */
  readonly since: number
}

/** Which scope, since when, by whom and why; as `cordon revocations` says it, and no more printable than it was given. */
export const stopInWords = ({ scope, since, by, reason }: Stop): string =>
  `${scope} since ${toSeconds(new Date(since).toISOString())} by ${by}: ${reason}`
