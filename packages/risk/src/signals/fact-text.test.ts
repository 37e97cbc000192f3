import assert from 'node:assert/strict'
import { test } from 'node:test'

import { factText } from './fact-text.ts'
import type { Fact } from './fact.ts'

const fact = { nats: 3, call: 0, tool: 'files/read', name: '', kind: 'other', usual: 0 } as const

test('a fact says once how old it is', () => {
  const history: Fact = { ...fact, code: 'earlier-sessions', count: 3 }
  assert.match(factText(history, 9), /the latest 3 minutes ago$/)
  const unknown: Fact = { ...fact, code: 'tool-unknown', count: 0 }
  assert.equal(factText(unknown, 1), 'first time this agent calls files/read')
  assert.equal(factText(unknown, 3), 'first time this agent calls files/read (2 calls ago)')
})
