import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createSpentTokens } from './spent-tokens.ts'

test('rejects a token that is used twice, until it expires', () => {
  const spent = createSpentTokens()
  assert.equal(spent.spend('a', 1000, 0), 'fresh')
  assert.equal(spent.spend('a', 1000, 999), 'spent')
  assert.equal(spent.spend('b', 1000, 999), 'fresh')
})

test('rejects a used token after the clock was set back behind its end', () => {
  const spent = createSpentTokens()
  spent.spend('a', 1000, 0)
  spent.spend('b', 3000, 2000)
  assert.equal(spent.spend('a', 1000, 500), 'spent')
  assert.equal(spent.spend('c', 4000, 500), 'fresh')
})

test('fails closed when it can remember no more, and makes room for each that expires', () => {
  const spent = createSpentTokens({ maxTokens: 2 })
  spent.spend('a', 1000, 0)
  spent.spend('b', 2000, 0)
  assert.equal(spent.spend('c', 2000, 999), 'full')
  assert.equal(spent.spend('a', 1000, 999), 'spent')
  assert.equal(spent.spend('c', 2000, 1000), 'fresh')
})
