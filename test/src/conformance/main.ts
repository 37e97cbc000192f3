// npm run conformance: the official conformance suite against a server, directly and through Cordon with every service as
// it is deployed. Exit code 1 where a scenario does not go the same way.
import { CordonError } from '@cordon/foundation'

import { comparisonTable } from './comparison-table.ts'
import { compareResults, unexplained } from './comparison.ts'
import type { Era } from './conformance-era.ts'
import { conformanceEras } from './conformance-era.ts'
import { openConformanceWorld } from './conformance-world.ts'
import { conformanceUsage, parseConformanceRequest, type ConformanceRequest } from './parse-request.ts'
import { statedDifferences } from './stated-differences.ts'
import { runSuite } from './suite-run.ts'

const listeners: (() => Promise<void> | void)[] = []
const cleanUp = async (): Promise<void> => {
  for (const listener of listeners.splice(0).reverse()) await listener()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().then(() => process.exit(1)))
}

const run = async ({ specVersion }: ConformanceRequest): Promise<void> => {
  const asked = (['sessions', 'stateless'] as const).filter(
    era =>
      specVersion === undefined ||
      (specVersion === conformanceEras.stateless.specVersion) === (era === 'stateless'),
  )
  for (const era of asked) await runEra(era, specVersion ?? conformanceEras[era].specVersion)
}

const runEra = async (era: Era, specVersion: string | undefined): Promise<void> => {
  const { suite } = conformanceEras[era]
  try {
    const world = await openConformanceWorld(
      { after: listener => void listeners.push(listener) },
      conformanceEras[era],
      ({ part, text }) => console.log(`${part}: ${text}`),
    )
    const direct = await runSuite(world.direct, suite, specVersion)
    for (const transport of ['http', 'stdio'] as const) {
      const through = await runSuite(world.throughCordon[transport], suite, specVersion)
      const comparisons = compareResults(direct, through, statedDifferences[era][transport])
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
}

const request = parseConformanceRequest(process.argv.slice(2))
if (request === undefined) {
  console.log(conformanceUsage)
} else if (typeof request === 'string') {
  console.error(`conformance: ${request}. See --help.`)
  process.exitCode = 2
} else {
  try {
    await run(request)
  } catch (error) {
    // What Cordon itself has to say reads as it is; anything else is a fault of ours and needs its stack.
    console.error(error instanceof CordonError ? `conformance: ${error.message}` : error)
    process.exitCode = 1
  }
}
