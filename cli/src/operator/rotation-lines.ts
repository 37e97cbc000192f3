import type { Rotation, SigningKey } from './signing-keys.ts'
import { tableLines, toSeconds } from './table-lines.ts'

const titles = ['KEY', 'SIGNS', 'PUBLISHED UNTIL'] as const

/** A line a published key, as they take turns, and whether one was made. */
export const rotationLines = ({ isMade, keys }: Rotation): readonly string[] => [
  isMade ? 'A new key is made.' : 'None is made: one waits already.',
  ...tableLines([titles, ...keys.map(cellsOf)]),
]

const cellsOf = ({ keyId, turn, signsFrom, publishedUntil }: SigningKey): readonly string[] => [
  keyId,
  { former: 'no more', signing: 'now', next: `from ${toSeconds(signsFrom)}` }[turn],
  publishedUntil === undefined ? 'it is replaced' : toSeconds(publishedUntil),
]
