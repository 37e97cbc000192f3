import type { Standing, Verdict } from '@cordon/schemas'

/**
 * What a standing says to a gated call, by whether the tool only reads. `hold` waits for a step-up. Gated reads are
 * sensitive, so they get no further than writes: a worse standing never allows more.
 */
export const verdicts: Readonly<Record<Standing, { readonly reads: Verdict; readonly writes: Verdict }>> = {
  unknown: { reads: 'deny', writes: 'deny' },
  trusted: { reads: 'forward', writes: 'forward' },
  verify: { reads: 'hold', writes: 'hold' },
  read_only: { reads: 'deny', writes: 'deny' },
  suspended: { reads: 'deny', writes: 'deny' },
  ended: { reads: 'deny', writes: 'deny' },
}
