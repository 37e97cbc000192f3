import assert from 'node:assert/strict'
import { test } from 'node:test'

import { packageCycles } from './package-cycles.ts'
import type { Workspace } from './workspace.ts'

const graph = (edges: Readonly<Record<string, readonly string[]>>): Workspace[] =>
  Object.entries(edges).map(([name, dependencies]) => ({
    name,
    folder: `packages/${name}`,
    layer: 'packages',
    dependencies: new Set(dependencies),
    exports: new Set(['.']),
  }))

test('packages may share what they depend on', () => {
  assert.deepEqual(packageCycles(graph({ a: ['b', 'c'], b: ['d'], c: ['d', 'zod'], d: [] })), [])
})

test('finds a cycle by way of others, once', () => {
  assert.deepEqual(packageCycles(graph({ a: ['b'], b: ['c'], c: ['a'], d: ['a'] })), [['a', 'b', 'c', 'a']])
})

test('finds a package that depends on itself', () => {
  assert.deepEqual(packageCycles(graph({ a: ['a'] })), [['a', 'a']])
})
