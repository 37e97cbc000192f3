import type { Proof } from './proof.ts'

/** The page of all proofs, one table for faults and one for inputs. */
export const faultPage = (proofs: readonly Proof[]): string =>
  [
    '# Faults and bad input',
    '',
    'What Cordon does when something goes wrong, or when somebody sends what they should not. Each row is proved by the test that',
    'it names, and written from it: `npm run faults`; `npm test` fails where a row and its test differ.',
    '',
    '## Faults',
    '',
    ...table('fault', proofs, 'fault'),
    '',
    '## Bad input',
    '',
    ...table('input', proofs, 'input'),
    '',
  ].join('\n')

const table = (head: string, proofs: readonly Proof[], kind: Proof['kind']): string[] => [
  `| ${head} | what happens | counted by | proved by |`,
  '| --- | --- | --- | --- |',
  ...proofs
    .filter(proof => proof.kind === kind)
    .map(({ what, behaviour, counter, file, test }) => {
      const link = `[${escaped(test)}](../${file})`
      return `| ${escaped(what)} | ${escaped(behaviour)} | ${counter === undefined ? '' : `\`${counter}\``} | ${link} |`
    }),
]

const escaped = (text: string): string => text.replaceAll('|', '\\|')
