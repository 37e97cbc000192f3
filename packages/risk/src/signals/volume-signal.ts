import type { BaselineView } from '../baseline/baseline-view.ts'
import { model } from './model.ts'
import { hedgedNats } from './signal.ts'

const { rare, hedge, unforeseen } = model.volume

/** Sizes are told apart by their power of two. */
export const sizeClasses = 32

/** @param bytes of a result */
export const sizeClassOf = (bytes: number): number => Math.min(sizeClasses - 1, 32 - Math.clz32(bytes))

/** Share of results that are as large or larger; where little is known, never small. */
export const shareFrom = ({ agent, role }: BaselineView, bytes: number): number => {
  const size = sizeClassOf(bytes)
  return (agent.resultsFrom(size) + role.resultsFrom(size) + 1) / (agent.results + role.results + 1)
}

/**
 * Volume: how rarely a result is as large as this one, p, turned into a ratio that is fair whatever the alternative:
 * `(1 − p + p·ln p) / (p·ln² p)`, the mixture of all power calibrators (Vovk and Wang 2021, §2).
 */
export const volumeNats = (baseline: BaselineView, bytes: number): number => {
  const p = shareFrom(baseline, bytes)
  if (p >= rare) return 0
  const logarithm = Math.log(p)
  const ratio = (1 - p + p * logarithm) / (p * logarithm * logarithm)
  return Math.max(0, hedgedNats(ratio, hedge, unforeseen))
}
