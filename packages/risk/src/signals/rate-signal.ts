import type { BaselineView } from '../baseline/baseline-view.ts'
import type { RateHabit } from '../baseline/baselines.ts'
import type { Session } from '../session/session.ts'
import { model } from './model.ts'

const { halfLifeMs, factors, graceMs, mean, spread, parentSessions } = model.rate
const decayPerMs = Math.LN2 / halfLifeMs

// Below it even twice as fast is no better explanation; the common case costs no logarithms.
const minFactor = Math.SQRT2

/** What is known of a rate before the session: a Gamma distribution. */
export interface RatePrior {
  readonly shape: number
  /** Milliseconds. */
  readonly scaleMs: number
}

/** Counts a call and the time since the one before; both fade with the same half-life. */
export const countCall = (session: Session, elapsedMs: number): void => {
  if (elapsedMs > 0) {
    const kept = Math.exp(-decayPerMs * elapsedMs)
    session.rateCalls *= kept
    session.rateMs = session.rateMs * kept + elapsedMs
  }
  session.rateCalls += 1
}

/**
 * Rate: negative binomial probability of the recent calls if the agent were 2, 4, 8 or 16 times as fast as usual, against
 * as usual. A statement about the present rate, not a sum: it falls by itself when the session slows down.
 */
export const rateNats = (session: Session, prior: RatePrior): number => {
  const calls = session.rateCalls
  const time = session.rateMs + graceMs
  const { shape, scaleMs } = prior
  if (calls * scaleMs <= minFactor * shape * time) return 0
  let ratio = 0
  const usual = Math.log(scaleMs + time)
  for (const factor of factors)
    ratio += Math.exp(
      calls * Math.log(factor) + (shape + calls) * (usual - Math.log(scaleMs + factor * time)),
    )
  return Math.max(0, Math.log(ratio / factors.length))
}

/** Calls that are usual in the time that `rateCalls` looks back over. */
export const usualCalls = (session: Session, { shape, scaleMs }: RatePrior): number =>
  (shape / scaleMs) * (session.rateMs + graceMs)

/** Gamma prior with the mean and spread of the agent's sessions, shrunk to the role's, shrunk to a generic one. */
export const ratePrior = ({ agent, role, all }: BaselineView): RatePrior => {
  let first = mean
  let second = mean * mean * (1 + spread * spread)
  for (const profile of [all, role, agent]) {
    if (profile.rate.sessions === 0) continue
    const own = momentsOf(profile.rate)
    const weight = profile.rate.sessions / (profile.rate.sessions + parentSessions)
    first += weight * (own.first - first)
    second += weight * (own.second - second)
  }
  const variance = Math.max(second - first * first, first * first * 0.01)
  return { shape: (first * first) / variance, scaleMs: (first / variance) * 1000 }
}

const momentsOf = ({ sessions, mean, squares }: RateHabit): { first: number; second: number } => ({
  first: mean,
  second: squares / sessions + mean * mean,
})
