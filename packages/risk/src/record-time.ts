/** How far before the broker's append time an engine's clock is believed. */
export const maxClockLagMs = 5000

/**
 * The time of a record, as scoring sees it: the engine's time, at most 5 s before the broker's append time and not after
 * it. A lying or broken clock moves a session by no more than that.
 * @param engineTime milliseconds since the Unix epoch
 * @param appendedAt the broker's append time, milliseconds since the Unix epoch
 */
export const clampRecordTime = (engineTime: number, appendedAt: number): number =>
  Math.min(appendedAt, Math.max(appendedAt - maxClockLagMs, engineTime))
