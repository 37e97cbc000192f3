import type { Claim, ClaimKind } from './claim.ts'
import { claimsByPlace } from './place.ts'

const kinds = [
  { kind: 'fault', column: 'what breaks' },
  { kind: 'input', column: 'what comes in' },
] as const satisfies readonly { kind: ClaimKind; column: string }[]

/** docs/faults.md: how many there are and where; then for each place a table of faults, a table of bad input, one row per test. */
export const faultPage = (claims: readonly Claim[]): string => {
  const groups = claimsByPlace(claims)
  return [
    '<!-- Generated from the comments above the tests by `npm run faults`. Do not edit. -->',
    '# Faults and bad input',
    [
      'What Cordon does when something breaks or somebody sends what they should not. Each row is proven by the test that it names,',
      'which also asserts the counter.',
    ].join('\n'),
    [
      row(['where', 'what it is about', 'faults', 'bad input']),
      row(['---', '---', '---:', '---:']),
      ...groups.map(({ place: { title, about }, claims: own }) =>
        row([`[${title}](#${slugOf(title)})`, about, count(own, 'fault'), count(own, 'input')]),
      ),
      row(['', 'in all', count(claims, 'fault'), count(claims, 'input')]),
    ].join('\n'),
    ...groups.flatMap(({ place, claims: own }) => [
      `## ${place.title}`,
      ...(place.note === undefined ? [] : [place.note]),
      ...kinds.flatMap(({ kind, column }) => tableOf(own, kind, column)),
    ]),
    '',
  ].join('\n\n')
}

const tableOf = (claims: readonly Claim[], kind: ClaimKind, column: string): readonly string[] => {
  const own = claims.filter(claim => claim.kind === kind)
  if (own.length === 0) return []
  return [
    [
      row([column, 'what Cordon does', 'counted by', 'proven by']),
      row(['---', '---', '---', '---']),
      ...own.map(claimRow),
    ].join('\n'),
  ]
}

const count = (claims: readonly Claim[], kind: ClaimKind): string =>
  String(claims.filter(claim => claim.kind === kind).length)

/** As GitHub names a heading. */
const slugOf = (title: string): string => title.toLowerCase().replaceAll(' ', '-')

const claimRow = (claim: Claim): string =>
  row([claim.what, claim.behaviour, counterText(claim.counter), `[${claim.testName}](../${claim.path})`])

const counterText = (counter: string): string =>
  counter.startsWith('none: ') ? counter.slice('none: '.length) : `\`${counter}\``

const row = (cells: readonly string[]): string =>
  `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
