// npm run conformance [-- --spec-version VERSION]: the official conformance suite against a server, directly and through
// Cordon with every service as it is deployed. Exit code 1 where a scenario does not go the same way.
import { parseArgs } from 'node:util'

import { comparisonTable } from './comparison-table.ts'
import { compareResults, unexplained } from './comparison.ts'
import { openConformanceWorld } from './conformance-world.ts'
import { statedDifferences } from './stated-differences.ts'
import { runSuite } from './suite-run.ts'

const { values } = parseArgs({ options: { 'spec-version': { type: 'string' } } })
const specVersion = values['spec-version']

const listeners: (() => Promise<void> | void)[] = []
const cleanUp = async (): Promise<void> => {
  for (const listener of listeners.splice(0).reverse()) await listener()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().then(() => process.exit(1)))
}

try {
  const world = await openConformanceWorld(
    { after: listener => void listeners.push(listener) },
    ({ part, text }) => console.log(`${part}: ${text}`),
  )
  const direct = await runSuite(world.direct, specVersion)
  for (const transport of ['http', 'stdio'] as const) {
    const through = await runSuite(world.throughCordon[transport], specVersion)
    const comparisons = compareResults(direct, through, statedDifferences[transport])
    const differing = unexplained(comparisons)
    console.log(
      `\nThe server on HTTP, and through Cordon on ${transport}:\n\n${comparisonTable(comparisons)}\n`,
    )
    console.log(`${comparisons.length} scenarios, ${differing.length} differ without a stated reason.`)
    if (differing.length > 0) process.exitCode = 1
  }
} finally {
  await cleanUp()
}
