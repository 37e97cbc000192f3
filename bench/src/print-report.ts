import type { BenchReport, Figure } from './report.ts'

/** The report for a person to read. */
export const printReport = ({ name, machine, input, results, notes, faults = [] }: BenchReport): string =>
  [
    `bench ${name}`,
    `  machine  ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}`,
    `  input    ${figures(input)}`,
    ...Object.entries(results).map(
      ([key, result]) => `  ${key}: ${typeof result === 'object' ? figures(result) : shown(result)}`,
    ),
    ...notes.map(note => `  - ${note}`),
    // Last, where nobody scrolls past it.
    ...faults.map(fault => `  FAILED: ${fault}`),
  ].join('\n')

const figures = (group: Readonly<Record<string, Figure>>): string =>
  Object.entries(group)
    .map(([key, figure]) => `${key} ${shown(figure)}`)
    .join(', ')

const shown = (figure: Figure): string => {
  if (typeof figure !== 'number') return String(figure)
  return figure.toLocaleString('en-GB', Number.isInteger(figure) ? {} : { maximumSignificantDigits: 4 })
}
