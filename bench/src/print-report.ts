import type { BenchReport, Figure } from './report.ts'

/** The report for a person to read. */
export const printReport = ({ name, machine, input, results, notes }: BenchReport): string =>
  [
    `bench ${name}`,
    `  machine  ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}`,
    `  input    ${figures(input)}`,
    ...Object.entries(results).map(
      ([key, result]) => `  ${key}: ${typeof result === 'object' ? figures(result) : shown(result)}`,
    ),
    ...notes.map(note => `  - ${note}`),
  ].join('\n')

const figures = (group: Readonly<Record<string, Figure>>): string =>
  Object.entries(group)
    .map(([key, figure]) => `${key} ${shown(figure)}`)
    .join(', ')

const shown = (figure: Figure): string =>
  typeof figure === 'number'
    ? figure.toLocaleString('en-GB', { maximumSignificantDigits: 4 })
    : String(figure)
