import type { Standing } from '@cordon/schemas'

import { hashText } from '../hash.ts'
import { model } from '../signals/model.ts'

const { halfLifeMs, maxHeldNats, maxNats, minNats, maxHumans, misuseShare, usualShares, uneasyNats } =
  model.history

/** What earlier sessions of one agent and one human leave behind. */
export interface Suspicion {
  /** `humanKey`. */
  readonly human: number
  /** Record time of the latest of these sessions, milliseconds since the Unix epoch. */
  readonly at: number
  /** At that time. */
  readonly nats: number
}

/** A session as far as suspicion goes. */
export interface EarlierSession {
  /** `humanKey`. */
  readonly human: number
  readonly worst: Standing
  /** Highest evidence that it had of its own, nats; 0 where nobody says. */
  readonly peak?: number
  /** Record time at which it closed, or at which that was found. */
  readonly at: number
}

/** What suspicions know a human by: 32 bits, no name. */
export const humanKey = (human: string): number => hashText(human, 21) | 0

/** What is left of it after that time. */
export const residualNats = ({ at, nats }: Suspicion, now: number): number =>
  nats * 2 ** (-Math.max(0, now - at) / halfLifeMs)

/** What a new session of the human starts with. */
export const startingNats = (
  suspicions: readonly Suspicion[],
  human: number,
  now: number,
): { readonly nats: number; readonly at: number } | undefined => {
  const held = suspicions.find(suspicion => suspicion.human === human)
  if (held === undefined) return undefined
  const nats = Math.min(maxNats, residualNats(held, now))
  return nats < minNats ? undefined : { nats, at: held.at }
}

/**
 * Residual suspicion with one more session (CUSUM, Page 1954): how much likelier its worst standing is where somebody splits an
 * attack over many sessions than where nobody does. Calm sessions take away, so that the few false alarms that are
 * promised never add up.
 * @param times -1 where that session was cleared afterwards
 */
export const withSession = (
  suspicions: readonly Suspicion[],
  { human, worst, peak = 0, at }: EarlierSession,
  times: 1 | -1 = 1,
): readonly Suspicion[] => {
  const held = suspicions.find(suspicion => suspicion.human === human)
  const nats = (held === undefined ? 0 : residualNats(held, at)) + times * likelihoodOf(worst, peak)
  const others = suspicions.filter(
    suspicion => suspicion.human !== human && residualNats(suspicion, at) >= minNats,
  )
  if (nats < minNats) return others
  const latest = times === 1 ? Math.max(at, held?.at ?? 0) : (held?.at ?? at)
  return [...others, { human, at: latest, nats: Math.min(maxHeldNats, nats) }]
    .sort((a, b) => residualNats(b, at) - residualNats(a, at) || a.human - b.human)
    .slice(0, maxHumans)
}

// Beside what was stopped or asked for approval: what stayed just below it, day after day.
const likelihoodOf = (worst: Standing, peak: number): number => {
  if (worst === 'suspended') return Math.log(misuseShare / usualShares.suspended)
  if (worst === 'read_only') return Math.log(misuseShare / usualShares.readOnly)
  if (worst === 'verify') return Math.log(misuseShare / usualShares.verify)
  return Math.log(misuseShare / (peak >= uneasyNats ? usualShares.uneasy : usualShares.trusted))
}
