import type { Standing } from '@cordon/schemas'

/** What can happen to a standing. */
export type StandingEvent = 'opened' | 'verify' | 'readOnly' | 'suspend' | 'relief' | 'ended'

/**
 * Every standing and event. Evidence only ever raises; relief leaves one level at a time; `suspended` latches, because
 * only a person or a signed rule reinstates; `ended` is terminal.
 */
export const standingMoves: Readonly<Record<Standing, Readonly<Record<StandingEvent, Standing>>>> = {
  unknown: {
    opened: 'trusted',
    verify: 'unknown',
    readOnly: 'unknown',
    suspend: 'unknown',
    relief: 'unknown',
    ended: 'ended',
  },
  trusted: {
    opened: 'trusted',
    verify: 'verify',
    readOnly: 'read_only',
    suspend: 'suspended',
    relief: 'trusted',
    ended: 'ended',
  },
  verify: {
    opened: 'verify',
    verify: 'verify',
    readOnly: 'read_only',
    suspend: 'suspended',
    relief: 'trusted',
    ended: 'ended',
  },
  read_only: {
    opened: 'read_only',
    verify: 'read_only',
    readOnly: 'read_only',
    suspend: 'suspended',
    relief: 'verify',
    ended: 'ended',
  },
  suspended: {
    opened: 'suspended',
    verify: 'suspended',
    readOnly: 'suspended',
    suspend: 'suspended',
    relief: 'suspended',
    ended: 'ended',
  },
  ended: {
    opened: 'ended',
    verify: 'ended',
    readOnly: 'ended',
    suspend: 'ended',
    relief: 'ended',
    ended: 'ended',
  },
}
