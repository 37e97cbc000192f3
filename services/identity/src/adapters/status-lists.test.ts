import assert from 'node:assert/strict'
import { test } from 'node:test'

import { generateSigningKeyPem, openSigningKey } from '@cordon/tokens'

import { statusOf } from '../core/status-of.ts'
import { createScorer } from '../scorer-fixture.ts'
import type { SessionStore } from '../ports/session-store.ts'
import { createStatusLists } from './status-lists.ts'

test('numbers of lists that nobody has do not reach the database', async () => {
  const key = await openSigningKey(generateSigningKeyPem())
  let now = 1_800_000_000_000
  const asked: string[] = []
  const store = {
    statusRange: () => {
      asked.push('range')
      return Promise.resolve({ first: 40, last: 79 })
    },
    statuses: (from: number) => {
      asked.push(`statuses ${from}`)
      return Promise.resolve([])
    },
  } as unknown as SessionStore
  const lists = createStatusLists({
    store,
    decisions: createScorer(1).decisions,
    revocations: { active: () => new Set() },
    clock: { now: () => now },
    issuer: 'https://identity.example',
    key: () => key,
    rules: { statusOf, sessionsPerStatusList: 20 },
  })
  for (const list of [0, 1, 4, 5, 999_999_999]) assert.equal(await lists.signed(list), undefined)
  assert.deepEqual(asked, ['range'])
  for (const list of [2, 3]) await lists.signed(list)
  assert.deepEqual(asked, ['range', 'statuses 40', 'statuses 60'])
  now += 1000
  await lists.signed(4)
  assert.deepEqual(asked.slice(3), ['range'])
})
