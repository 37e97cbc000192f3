import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createEngineFixture } from '../engine-fixture.ts'
import type { CallFacts, ShownFacts } from './call-facts.ts'
import { inOrder } from './check-order.ts'
import { applyStanding } from './checks/apply-standing.ts'
import { checkSession } from './checks/check-session.ts'
import { classify } from './checks/classify.ts'
import { requireBundle } from './checks/require-bundle.ts'
import { verifyCallProof } from './checks/verify-call-proof.ts'
import { verifyToken } from './checks/verify-token.ts'

const order = inOrder<CallFacts & ShownFacts>()

test('an order in which a check misses what it needs does not compile', () => {
  order([verifyToken, verifyCallProof, requireBundle, checkSession, classify, applyStanding])
  // @ts-expect-error: nothing has said whose key has to prove the call
  order([verifyCallProof, verifyToken])
  // @ts-expect-error: nothing has said whose session it is
  order([requireBundle, checkSession])
  // @ts-expect-error: the standing is applied before the session is found
  order([verifyToken, requireBundle, classify, applyStanding, checkSession])
  // @ts-expect-error: without a bundle there is no catalogue to classify by
  order([verifyToken, classify])
})

test('stops at the first check that refuses', async () => {
  const { call, decided, world } = createEngineFixture()
  world.decision = undefined
  await call('read_file')
  const [{ facts }] = decided as [(typeof decided)[number]]
  assert.ok(facts.principal !== undefined && facts.bundle !== undefined)
  assert.deepEqual([facts.held, facts.entry, facts.attempt], [undefined, undefined, undefined])
})
