/**
 * What speaks for or against misuse. The order is part of the score: evidence is the parts' sum in this order, so that
 * contributions add up to the very same floating-point number. Append only: the session's encoding has it.
 */
export const signalNames = [
  'tool',
  'resource',
  'rate',
  'provenance',
  'failures',
  'integrity',
  'argument',
  'volume',
  'history',
] as const

export type SignalName = (typeof signalNames)[number]

/** Positions in `signalNames`. */
export const signal = {
  tool: 0,
  resource: 1,
  rate: 2,
  provenance: 3,
  failures: 4,
  integrity: 5,
  argument: 6,
  volume: 7,
  history: 8,
} as const

/** A position in `signalNames`. */
export type SignalIndex = (typeof signal)[SignalName]

/**
 * `ln((1 − g) + g·E)`: the ratio E hedged, so that a conforming call buys at most `−ln(1 − g)`; with E contaminated (Huber 1964):
 * in a share ε of ordinary calls the baseline knows nothing of what is being done, and then anything is as likely as under
 * misuse. So no ratio says more than 1/ε, and yet none is cut: what is rarer always says more.
 * @param ratio how much likelier under misuse than under the baseline
 * @param unforeseen ε
 */
export const hedgedNats = (ratio: number, hedge: number, unforeseen: number): number =>
  Math.log(1 - hedge + (hedge * ratio) / (1 - unforeseen + unforeseen * ratio))
