import type { Standing, Verdict } from '@cordon/schemas'

/**
 * What a standing says to a gated call; `hold` waits for a step-up. Gated reads are sensitive, so they get no further
 * than writes: a worse standing never allows more.
 */
export const verdicts: Readonly<Record<Standing, Verdict>> = {
  unknown: 'deny',
  trusted: 'forward',
  verify: 'hold',
  read_only: 'deny',
  suspended: 'deny',
  ended: 'deny',
}
