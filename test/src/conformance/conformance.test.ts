import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compareResults } from './comparison.ts'
import { openConformanceWorld } from './conformance-world.ts'
import { statedDifferences } from './stated-differences.ts'
import { runSuite } from './suite-run.ts'

/** Of MCP 2025-06-18 and 2025-11-25, in the pinned version of the suite. */
const scenarios = 32

test('every scenario of the official conformance suite goes through Cordon as it goes directly', async context => {
  const world = await openConformanceWorld(context, () => undefined)
  const direct = await runSuite(world.direct, undefined)
  const failed = [...direct.values()].flat().filter(({ status }) => ['FAILURE', 'WARNING'].includes(status))
  assert.equal(direct.size, scenarios)
  assert.deepEqual(failed, [], 'a scenario that fails directly says nothing about Cordon')

  for (const transport of ['http', 'stdio'] as const) {
    await context.test(`before a server on ${transport}`, async () => {
      const stated = statedDifferences[transport]
      const comparisons = compareResults(
        direct,
        await runSuite(world.throughCordon[transport], undefined),
        stated,
      )
      assert.deepEqual(
        comparisons.flatMap(({ scenario, differing }) => (differing.length > 0 ? [scenario] : [])),
        Object.keys(stated),
      )
    })
  }
})
