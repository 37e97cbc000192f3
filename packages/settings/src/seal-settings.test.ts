import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'

import { sealSettings } from './seal-settings.ts'

test('what a service composes is frozen, and its secrets are not printed, at any depth', () => {
  const registry = sealSettings({ url: 'http://registry', password: 'hunter2' }, ['password'])
  const settings = sealSettings({ registry, port: 8080, startupSecret: 'hunter3' }, ['startupSecret'])
  assert.equal(settings.startupSecret, 'hunter3')
  assert.equal(settings.registry.password, 'hunter2')
  assert.ok(Object.isFrozen(settings) && Object.isFrozen(settings.registry))
  for (const text of [inspect({ settings }, { depth: 9 }), JSON.stringify({ settings })]) {
    assert.doesNotMatch(text, /hunter/)
    assert.match(text, /\[redacted\]/)
  }
})
