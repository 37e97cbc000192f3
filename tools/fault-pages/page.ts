import type { Claim, ClaimKind } from './claim.ts'

const tables = [
  { kind: 'fault', title: 'Faults', column: 'what breaks' },
  { kind: 'input', title: 'Bad input', column: 'what comes in' },
] as const satisfies readonly { kind: ClaimKind; title: string; column: string }[]

/** docs/faults.md: a table of faults, a table of bad input, one row per test. */
export const faultPage = (claims: readonly Claim[]): string =>
  [
    '<!-- Generated from the comments above the tests by `npm run faults`. Do not edit. -->',
    '# Faults and bad input',
    [
      'What Cordon does when something breaks or somebody sends what they should not. Each row is proven by the test that it names,',
      'which also asserts the counter.',
    ].join('\n'),
    ...tables.flatMap(({ kind, title, column }) => [
      `## ${title}`,
      [
        row([column, 'what Cordon does', 'counted by', 'proven by']),
        row(['---', '---', '---', '---']),
        ...claims.filter(claim => claim.kind === kind).map(claimRow),
      ].join('\n'),
    ]),
    '',
  ].join('\n\n')

const claimRow = (claim: Claim): string =>
  row([claim.what, claim.behaviour, counterText(claim.counter), `[${claim.testName}](../${claim.path})`])

const counterText = (counter: string): string =>
  counter.startsWith('none: ') ? counter.slice('none: '.length) : `\`${counter}\``

const row = (cells: readonly string[]): string =>
  `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
