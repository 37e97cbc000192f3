import assert from 'node:assert/strict'
import { test } from 'node:test'

import { findCatalogueEntry, parseBundle } from '@cordon/policy'

import { ownAgent, ownHumans } from './agents-of-stack.ts'
import { starterBundle } from './starter-bundle.ts'

test('treats every tool of every server as one that changes something, and lets whoever starts it use them', () => {
  const bundle = parseBundle(starterBundle(['web', 'mail']), 'starter bundle')
  for (const [server, tool] of [
    ['web', 'fetch'],
    ['mail', 'send'],
  ] as const) {
    const entry = findCatalogueEntry(bundle.catalogue, server, tool)
    assert.deepEqual([entry?.readOnly, entry?.sensitivity, entry?.mode], [false, 2, 'enforce'])
  }
  assert.equal(findCatalogueEntry(bundle.catalogue, 'other', 'fetch'), undefined)
  assert.equal(ownAgent(bundle), 'my-agent')
  assert.deepEqual(ownHumans(bundle)[0]?.groups, ['users'])
  const provider = bundle.identity.providers['local']
  assert.deepEqual(provider?.entitlements[0]?.tools, ['web/*', 'mail/*'])
})
