import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ask, proofOf } from './agent.ts'
import { openGateway } from './gateway.ts'

// The attacker has seen a good request, token and proof, and shows it again.

const minuteMs = 60_000

test('rejects a replay on the same replica, and it is a signal', async context => {
  const gateway = await openGateway(context)
  const shown = { token: gateway.token(), key: gateway.holder }
  const replayed = { ...shown, proofText: proofOf(gateway, shown) }
  await gateway.accepts(replayed)
  await gateway.rejects(replayed, 'invalid_dpop_proof')
  await gateway.accepts()
  await gateway.rejects(replayed, 'invalid_dpop_proof')
  assert.deepEqual(gateway.engineOf().signals, ['proof replayed files', 'proof replayed files'])
})

test('rejects a replay that is as fast as the request itself', async context => {
  const gateway = await openGateway(context)
  const shown = { token: gateway.token(), key: gateway.holder }
  const replayed = { ...shown, proofText: proofOf(gateway, shown) }
  const told = await Promise.all(Array.from({ length: 5 }, () => ask(gateway, replayed)))
  assert.deepEqual(
    told.map(({ status }) => status).toSorted((one, other) => one - other),
    [200, 401, 401, 401, 401],
  )
  assert.equal(gateway.server.acted.length, 1)
})

test('rejects a replay on another replica', async context => {
  const gateway = await openGateway(context)
  const replica = await gateway.addReplica()
  const shown = { token: gateway.token(), key: gateway.holder }
  const replayed = { ...shown, proofText: proofOf(gateway, shown) }
  await gateway.accepts(replayed)
  await gateway.rejects({ ...replayed, replica }, 'use_dpop_nonce')
})

test('rejects at another replica a proof that was never used at its own', async context => {
  const gateway = await openGateway(context)
  const replica = await gateway.addReplica()
  const shown = { token: gateway.token(), key: gateway.holder }
  await gateway.rejects({ ...shown, proofText: proofOf(gateway, shown), replica }, 'use_dpop_nonce')
  await gateway.accepts({ ...shown, replica })
})

test('rejects a replay after a restart, which has forgotten what was used', async context => {
  const gateway = await openGateway(context)
  const shown = { token: gateway.token(), key: gateway.holder }
  const replayed = { ...shown, proofText: proofOf(gateway, shown) }
  await gateway.accepts(replayed)
  await gateway.restart()
  await gateway.rejects(replayed, 'use_dpop_nonce')
  await gateway.accepts(shown)
})

test('rejects a replay in the next era of nonces', async context => {
  const gateway = await openGateway(context)
  const before = gateway.clock.now()
  // One second before the era ends.
  gateway.clock.advance(5 * minuteMs - (before % (5 * minuteMs)) - 1_000)
  const token = gateway.token()
  await gateway.ask({ token, proof: { nonce: '' } })
  const shown = { token, key: gateway.holder }
  const replayed = { ...shown, proofText: proofOf(gateway, shown) }
  await gateway.accepts(replayed)
  gateway.clock.advance(2_000)
  await gateway.rejects(replayed, 'invalid_dpop_proof')
})

test('rejects a replay after the clock was set back', async context => {
  const gateway = await openGateway(context)
  const shown = { token: gateway.token(), key: gateway.holder }
  const replayed = { ...shown, proofText: proofOf(gateway, shown) }
  await gateway.accepts(replayed)
  gateway.clock.advance(11 * minuteMs)
  await gateway.ask()
  await gateway.accepts()
  gateway.clock.advance(-11 * minuteMs)
  await gateway.rejects(replayed)
})

test('rejects a replay of what passed while the clock was set back, after it was ahead again', async context => {
  const gateway = await openGateway(context)
  await gateway.accepts()
  gateway.clock.advance(5 * minuteMs)
  await gateway.ask({ token: gateway.token(), proof: { nonce: '' } })
  gateway.clock.advance(-5 * minuteMs)
  const shown = { token: gateway.token(), key: gateway.holder }
  const replayed = { ...shown, proofText: proofOf(gateway, shown) }
  await gateway.accepts(replayed)
  gateway.clock.advance(10 * minuteMs)
  await gateway.ask()
  await gateway.accepts()
  gateway.clock.advance(-10 * minuteMs)
  await gateway.rejects(replayed, 'invalid_dpop_proof')
})

test('rejects window overflow: an old number that nobody used', async context => {
  const gateway = await openGateway(context)
  await gateway.accepts({ proof: { seq: 5_000 } })
  await gateway.accepts({ proof: { seq: 5_000 - 1_023 } })
  await gateway.rejects({ proof: { seq: 5_000 - 1_024 } }, 'invalid_dpop_proof')
  await gateway.rejects({ proof: { seq: 1 } }, 'invalid_dpop_proof')
})

test('rejects a sequence number that is none', async context => {
  const gateway = await openGateway(context)
  for (const seq of [-1, 0.5, 2 ** 53, '1', null, undefined])
    await gateway.rejects({ proof: { seq } }, 'invalid_dpop_proof')
})

test('rejects a sequence number that no record holds, or no scorer follows', async context => {
  const gateway = await openGateway(context)
  for (const seq of [2 ** 32 - 2, 2 ** 53 - 2, 2 ** 53 - 1])
    await gateway.rejects({ proof: { seq } }, 'invalid_dpop_proof')
  await gateway.accepts({ proof: { seq: 2 ** 32 - 3 } })
})

test('a skipped sequence number shows in the log: an unreported call is missing there', async context => {
  const gateway = await openGateway(context)
  for (const seq of [0, 1, 3]) await gateway.accepts({ proof: { seq } })
  const attempts = gateway
    .engineOf()
    .log.flatMap(record => (record.name === 'InvocationAttempted' ? record.value : []))
  assert.deepEqual(
    attempts.map(({ proofSequence }) => proofSequence),
    [0, 1, 3],
  )
})

test('the proof of each call is kept in the log, to be verified again', async context => {
  const gateway = await openGateway(context)
  const shown = { token: gateway.token(), key: gateway.holder }
  const proofText = proofOf(gateway, shown)
  await gateway.accepts({ ...shown, proofText })
  const [attempt] = gateway.engineOf().log
  assert.ok(attempt?.name === 'InvocationAttempted')
  assert.equal(attempt.value.proof, proofText)
})
