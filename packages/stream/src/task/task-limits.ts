const kibibyte = 1024
const mebibyte = 1024 * kibibyte

/** Limits of one task; each has a default, tests tighten some. */
export interface TaskLimits {
  /** A commit is one record batch of at most this many encoded bytes; below the broker's `max.message.bytes`. */
  readonly batchBytes: number
  /** Input records of a micro-batch: bounds how long its computing holds the event loop. */
  readonly batchRecords: number
  /** Input that waits for the commit under way; beyond it the follower does not fetch further. */
  readonly queueBytes: number
  /** Outputs that are not confirmed; beyond it no further input is computed. */
  readonly outboxEntries: number
  readonly outboxBytes: number
  /** How long a stopping task waits for its outputs to be confirmed; the new owner publishes what is left. */
  readonly drainMs: number
  readonly firstRetryMs: number
  readonly maxRetryMs: number
}

export const defaultTaskLimits: TaskLimits = {
  batchBytes: 512 * kibibyte,
  batchRecords: 512,
  queueBytes: 4 * mebibyte,
  outboxEntries: 10_000,
  outboxBytes: 16 * mebibyte,
  drainMs: 1000,
  firstRetryMs: 50,
  maxRetryMs: 5000,
}

/** Milliseconds before attempt `attempt + 1`, doubling. */
export const retryDelayMs = ({ firstRetryMs, maxRetryMs }: TaskLimits, attempt: number): number =>
  Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(attempt, 16))
