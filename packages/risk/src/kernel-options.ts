import type { BaselineLookup } from './baseline/baseline-view.ts'
import { defaultFalseAlarms } from './calibration/calibrated-thresholds.ts'
import type { FalseAlarms } from './calibration/calibrated-thresholds.ts'
import { RiskError } from './risk-error.ts'
import { signalNames } from './signals/signal.ts'
import type { SignalName } from './signals/signal.ts'
import { defaultPriors } from './standing/score.ts'
import type { Priors } from './standing/score.ts'
import type { Thresholds } from './standing/thresholds.ts'

/** Factor on each signal's evidence. 0 silences a signal; without `provenance` the gate rule does not hold either. */
export type Weights = Readonly<Record<SignalName, number>>

/**
 * New work is a run of unusual steps that are not independent, and errors happen to everyone: both count for less than
 * what an argument's origin says.
 */
export const defaultWeights: Weights = {
  tool: 0.5,
  resource: 1,
  rate: 1,
  provenance: 1,
  failures: 0.1,
  integrity: 1,
  argument: 0.75,
  volume: 0.25,
  history: 1,
}

/**
 * Refusals that an agent brings about by reaching for what it does not have. A standing, a gate or a fault of the engine
 * refuses too, but that is not the session's doing, and counting it would let a score feed on itself.
 */
export const defaultTellingDenials: readonly string[] = [
  'TOOL_UNKNOWN',
  'TOOL_NOT_GRANTED',
  'ARGUMENTS_INVALID',
]

export interface KernelOptions {
  readonly baselineFor: BaselineLookup
  /** Instead of those that the baselines' calibration gives. */
  readonly thresholds?: Thresholds
  /** What the calibrated thresholds are set at. */
  readonly falseAlarms?: Partial<FalseAlarms>
  /** By signal; one that is not named keeps its default. A bundle's `weights` fit. */
  readonly weights?: Readonly<Record<string, number>>
  readonly priors?: Partial<Priors>
  /** Reasons of denials that count as failures. */
  readonly tellingDenials?: readonly string[]
}

/** Options with everything filled in. */
export interface KernelSettings {
  readonly baselineFor: BaselineLookup
  /** Undefined where the baselines' calibration gives them. */
  readonly thresholds: Thresholds | undefined
  readonly falseAlarms: FalseAlarms
  /** In the order of `signalNames`. */
  readonly weights: Float64Array
  readonly priors: Priors
  readonly tellingDenials: ReadonlySet<string>
}

/** @throws RiskError `KERNEL_OPTION_INVALID` */
export const parseKernelOptions = (options: KernelOptions): KernelSettings => {
  const { thresholds, weights = {} } = options
  if (thresholds !== undefined) requireOrder(thresholds)
  const falseAlarms = { ...defaultFalseAlarms, ...options.falseAlarms }
  requireShares(falseAlarms)
  for (const [name, weight] of Object.entries(weights)) {
    if (!(signalNames as readonly string[]).includes(name))
      throw invalid(`weights: expected one of ${signalNames.join(', ')}, got ${JSON.stringify(name)}`)
    if (!(weight >= 0 && weight < Infinity))
      throw invalid(`weight of ${name}: expected a number from 0, got ${weight}`)
  }
  const filled: Readonly<Record<string, number>> = { ...defaultWeights, ...weights }
  return {
    baselineFor: options.baselineFor,
    thresholds,
    falseAlarms,
    weights: Float64Array.from(signalNames, name => filled[name]!),
    priors: { ...defaultPriors, ...options.priors },
    tellingDenials: new Set(options.tellingDenials ?? defaultTellingDenials),
  }
}

const requireOrder = ({ verify, readOnly, suspend }: Thresholds): void => {
  if (!(verify > 0 && verify <= readOnly && readOnly <= suspend))
    throw invalid(
      `thresholds: expected 0 < verify <= readOnly <= suspend, got ${verify}, ${readOnly}, ${suspend}`,
    )
}

const requireShares = ({ verify, readOnly, suspend }: FalseAlarms): void => {
  if (!(suspend > 0 && suspend <= readOnly && readOnly <= verify && verify < 1))
    throw invalid(
      `false alarms: expected 0 < suspend <= readOnly <= verify < 1, got ${suspend}, ${readOnly}, ${verify}`,
    )
}

const invalid = (problem: string): RiskError => new RiskError('KERNEL_OPTION_INVALID', problem)
