import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fakeExtraction } from '../extraction-fixture.ts'
import { nameResources } from './named-resources.ts'

test('tables, paths and hosts in the clear, people and accounts as pseudonyms', () => {
  const found = [
    { kind: 'table', name: 'orders' },
    { kind: 'recipient', name: 'bob@a.example' },
    { kind: 'account', name: 'DE02120300000000202051' },
  ] as const
  const extraction = { ...fakeExtraction, fingerprint: (kind: string) => (kind === 'email' ? 0xab : 0xcd) }
  assert.deepEqual(nameResources(found, extraction), [
    { kind: 'table', name: 'orders' },
    { kind: 'recipient', name: '00000000000ab' },
    { kind: 'account', name: '00000000000cd' },
  ])
})

test('a name that is too long is told by its digest', () => {
  // printf 'x%.0s' $(seq 257) | sha256sum
  const digest = '15eb95a462ee20bd91a415ae2d4aed341288186ddaa2b37908f7d592f0c3f85f'
  assert.deepEqual(nameResources([{ kind: 'path', name: 'x'.repeat(257) }], fakeExtraction), [
    { kind: 'path', name: `sha256:${digest}` },
  ])
})
