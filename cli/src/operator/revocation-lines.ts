import type { Revocation } from './kill-switch.ts'
import { tableLines, toSeconds } from './table-lines.ts'

const titles = ['SCOPE', 'SINCE', 'BY', 'REASON'] as const

/** A line a scope that is stopped, under a line of titles. */
export const revocationLines = (revocations: readonly Revocation[]): readonly string[] =>
  revocations.length === 0
    ? ['Nothing is stopped.']
    : tableLines([
        titles,
        ...revocations.map(({ scope, decidedAt, by, reason }) => [scope, toSeconds(decidedAt), by, reason]),
      ])
