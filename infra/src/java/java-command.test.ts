import assert from 'node:assert/strict'
import { test } from 'node:test'

import { javaFlags } from './java-command.ts'

const settings = { heapMegabytes: 64, temporaryFolder: '/tmp/x', archive: { use: undefined } } as const
/** The first of the JVM's two compilers is the quick one. */
const quickOnly = '-XX:TieredStopAtLevel=1'

test('compiles quickly where nothing else is said, and thoroughly for a long run', () => {
  assert.ok(javaFlags(settings).includes(quickOnly))
  assert.ok(javaFlags({ ...settings, run: 'short' }).includes(quickOnly))
  assert.ok(!javaFlags({ ...settings, run: 'long' }).includes(quickOnly))
})
