import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compareResults } from './comparison.ts'
import type { Era } from './conformance-era.ts'
import { conformanceEras } from './conformance-era.ts'
import { openConformanceWorld } from './conformance-world.ts'
import { statedDifferences } from './stated-differences.ts'
import { runSuite } from './suite-run.ts'

/** Of the eras, in the pinned versions of the suite. */
const scenarios: readonly (readonly [Era, number])[] = [
  ['sessions', 32],
  ['stateless', 40],
]

for (const [name, count] of scenarios)
  test(`every scenario of the official conformance suite of the era ${name} goes through Cordon as it goes directly`, async context => {
    const era = conformanceEras[name]
    const world = await openConformanceWorld(context, era, () => undefined)
    const direct = await runSuite(world.direct, era.suite, era.specVersion)
    const failed = [...direct.values()].flat().filter(({ status }) => ['FAILURE', 'WARNING'].includes(status))
    assert.equal(direct.size, count)
    assert.deepEqual(failed, [], 'a scenario that fails directly says nothing about Cordon')

    for (const transport of ['http', 'stdio'] as const) {
      await context.test(`before a server on ${transport}`, async () => {
        const stated = statedDifferences[name][transport]
        const comparisons = compareResults(
          direct,
          await runSuite(world.throughCordon[transport], era.suite, era.specVersion),
          stated,
        )
        assert.deepEqual(
          comparisons.flatMap(({ scenario, differing }) => (differing.length > 0 ? [scenario] : [])),
          Object.keys(stated),
        )
      })
    }
  })
