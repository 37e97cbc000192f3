import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { CatalogueEntry } from '@cordon/policy'
import fc from 'fast-check'

import { covers, grantTools } from './grant-tools.ts'

const entry = (sensitivity: 0 | 1 | 2 | 3): CatalogueEntry => ({
  readOnly: true,
  sensitivity,
  mode: 'enforce',
  resources: [],
})
const catalogue = { 'a/x': entry(0), 'a/y': entry(2), 'b/*': entry(1) }
const bounds = (human: readonly string[], manifest: readonly string[] = ['a/*', 'b/*']) => ({
  catalogue,
  clearance: 2 as const,
  bounds: [
    { by: 'the human', tools: human },
    { by: 'the manifest', tools: manifest },
  ],
  revoked: () => false,
})

test('all of a server is granted only where every side allows all of it', () => {
  assert.ok(grantTools(['a/*'], 'request', bounds(['a/*'])).ok)
  assert.ok(!grantTools(['a/*'], 'request', bounds(['a/x', 'a/y'])).ok)
  assert.ok(!grantTools(['a/*'], 'request', { ...bounds(['a/*']), clearance: 1 }).ok)
  assert.ok(grantTools(['a/x'], 'request', { ...bounds(['a/*']), clearance: 0 }).ok)
})

test('a tool without an entry of its own is what its server is', () => {
  assert.ok(grantTools(['b/anything'], 'request', bounds(['b/*'])).ok)
  assert.ok(!grantTools(['b/anything'], 'request', { ...bounds(['b/*']), clearance: 0 }).ok)
  assert.ok(!grantTools(['c/anything'], 'request', bounds(['c/*'])).ok)
})

test('granted is exactly what was asked for, and each side allows all of it', () => {
  const tool = fc.constantFrom('a/x', 'a/y', 'a/*', 'b/p', 'b/*', 'c/z')
  const list = fc.array(tool, { maxLength: 4 })
  fc.assert(
    fc.property(fc.array(tool, { minLength: 1, maxLength: 4 }), list, list, (asked, human, manifest) => {
      const answer = grantTools(asked, 'request', bounds(human, manifest))
      const isCovered = asked.every(each => each !== 'c/z' && covers(human, each) && covers(manifest, each))
      assert.equal(answer.ok, isCovered)
      if (answer.ok) assert.deepEqual(new Set(answer.value), new Set(asked))
    }),
  )
})
