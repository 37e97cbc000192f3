import type { ScenarioComparison } from './comparison.ts'
import type { Check } from './suite-run.ts'

/** One line a scenario; where it does not go the same way, which checks differ, or why they have to. */
export const comparisonTable = (comparisons: readonly ScenarioComparison[]): string => {
  const width = Math.max(...comparisons.map(({ scenario }) => scenario.length))
  const line = (scenario: string, direct: string, other: string, same: string): string =>
    `${scenario.padEnd(width)}  ${direct.padEnd(14)}  ${other.padEnd(14)}  ${same}`
  return [
    line('scenario', 'direct', 'through Cordon', 'same?'),
    ...comparisons.map(comparison =>
      line(comparison.scenario, summary(comparison.direct), summary(comparison.other), sameness(comparison)),
    ),
  ].join('\n')
}

const sameness = ({ differing, stated }: ScenarioComparison): string => {
  if (differing.length === 0) return 'yes'
  return stated === undefined ? `NO: ${differing.join(', ')}` : `no, as stated: ${stated}`
}

const summary = (checks: readonly Check[]): string => {
  const judged = checks.filter(({ status }) => status !== 'INFO' && status !== 'SKIPPED')
  const passed = judged.filter(({ status }) => status === 'SUCCESS')
  return `${passed.length} of ${judged.length}`
}
