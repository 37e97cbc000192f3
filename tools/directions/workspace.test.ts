import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { layerImports } from './rules.ts'
import { readMonorepo } from './workspace.ts'

const monorepo = readMonorepo(fileURLToPath(new URL('../..', import.meta.url)))

test('every workspace of this repository has a layer', () => {
  assert.ok(monorepo.workspaces.length > 10)
  for (const { folder, layer } of monorepo.workspaces) assert.ok(Object.hasOwn(layerImports, layer), folder)
})

test('knows dependencies and entry points', () => {
  const serde = monorepo.workspaces.find(({ name }) => name === '@cordon/serde')
  assert.equal(serde?.folder, 'packages/serde')
  assert.ok(serde?.dependencies.has('avsc'))
  assert.deepEqual([...(serde?.exports ?? [])], ['.'])
})
