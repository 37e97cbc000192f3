import type { Standing, Verdict } from '@cordon/schemas'

/** What a standing allows, by whether the tool only reads. `hold` waits for a step-up. */
export const verdicts: Readonly<Record<Standing, { readonly reads: Verdict; readonly writes: Verdict }>> = {
  unknown: { reads: 'deny', writes: 'deny' },
  trusted: { reads: 'forward', writes: 'forward' },
  verify: { reads: 'hold', writes: 'hold' },
  read_only: { reads: 'forward', writes: 'deny' },
  suspended: { reads: 'deny', writes: 'deny' },
  ended: { reads: 'deny', writes: 'deny' },
}
