import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { AuthorizeAnswer, ProvenRequest } from '@cordon/engine-socket'
import { baselineLookup, createKernel, emptyBaselines } from '@cordon/risk'
import { unboundOpening } from '@cordon/schemas'
import { digestArguments, signRevocation } from '@cordon/tokens'

import { proofOf, readFile, shownBy } from './agent.ts'
import { alicesSession, type Gateway, issuer, openGateway } from './gateway.ts'
import { openSessionClient } from './session-client.ts'

// A lying proxy holds back calls that its agent signed, or has one carried out that counted already, and wants nothing to show of it.

/** What the scorer finds missing until a minute later, of what the engine put on record. */
const unreportedIn = (gateway: Gateway): string | undefined => {
  const kernel = createKernel({ baselineFor: baselineLookup(emptyBaselines) })
  const openedAt = gateway.clock.now()
  const opening = { openedAt, human: 'alice', agentId: 'agent', platform: 'tests', role: 'support' }
  const intent = { conversationId: null, intent: null, intentWording: Buffer.alloc(0) }
  const opened = { sessionId: alicesSession, ...opening, ...intent, bundleVersion: 1, ...unboundOpening }
  const session = kernel.open(opened, openedAt)
  let unreported: string | undefined
  for (const { name, value } of gateway.engineOf().log) {
    if (name === 'InvocationAttempted') kernel.attempt(session, value, value.attemptedAt)
    else if (name === 'InvocationDenied') kernel.deny(session, value, value.deniedAt)
    if (name === 'InvocationAttempted')
      unreported ??= kernel.tick(session, value.attemptedAt)?.unreported?.fact
  }
  return unreported ?? kernel.tick(session, openedAt + 60_000)?.unreported?.fact
}

const judged = (gateway: Gateway, shown: ProvenRequest, bytes = 300): Promise<AuthorizeAnswer> =>
  gateway.engineOf().engine.authorize(shown, { server: 'files', ...readFile, bytes })

/** A call that the engine refuses, and puts on record with its attempt. */
const refused = async (gateway: Gateway, seq: number): Promise<void> => {
  const call = { tool: 'write_file', arguments: { path: '/a' } }
  const mcp = { server: 'files', tool: call.tool, args_s256: digestArguments(call.arguments) }
  const shown = shownBy(gateway, { seq, mcp })
  const { refusal } = await gateway.engineOf().engine.authorize(shown, { server: 'files', ...call })
  assert.equal(refusal?.reason, 'TOOL_NOT_GRANTED')
}

test('a lying proxy hides no calls behind a flood that it makes up', async context => {
  const gateway = await openGateway(context)
  // As if the first call carried as many answers as use up the rate.
  assert.equal((await judged(gateway, shownBy(gateway, { seq: 0 }), 300 * 4096)).verdict, 'forward')
  assert.equal((await judged(gateway, shownBy(gateway, { seq: 1 }))).refusal?.reason, 'RATE_LIMITED')
  gateway.clock.advance(1_900)
  assert.equal((await judged(gateway, shownBy(gateway, { seq: 10 }))).verdict, 'forward')
  assert.match(unreportedIn(gateway) ?? 'none', /^8 calls .* with number 2$/)
})

test('a lying proxy hides no call among others side by side by the order in which they come', async context => {
  const gateway = await openGateway(context)
  const numbers = Array.from({ length: 18 }, (_, number) => number)
  const isOdd = (number: number): boolean => number % 2 === 1
  const others = numbers.filter(number => !isOdd(number) && number !== 16)
  for (const seq of [...numbers.filter(isOdd), ...others]) await judged(gateway, shownBy(gateway, { seq }))
  assert.match(unreportedIn(gateway) ?? 'none', /^1 call /)
})

test('a lying proxy hides no call behind the refusals of others side by side', async context => {
  const gateway = await openGateway(context)
  const numbers = Array.from({ length: 30 }, (_, number) => number)
  const odds = numbers.filter(number => number % 2 === 1)
  for (const seq of odds) await judged(gateway, shownBy(gateway, { seq }))
  for (const seq of numbers.filter(number => !odds.includes(number) && number < 22))
    await (seq < 16 ? judged(gateway, shownBy(gateway, { seq })) : refused(gateway, seq))
  await judged(gateway, shownBy(gateway, { seq: 28 }))
  assert.match(unreportedIn(gateway) ?? 'none', /^3 calls /)
})

test('an agent above its rate hides nothing, whatever its refusals leave off the record', async context => {
  const gateway = await openGateway(context)
  gateway.engineOf().changeBundle({ rateLimit: { callsPerSecond: 1, burst: 5 } })
  let seq = 0
  for (let turn = 0; turn < 60; turn += 1) {
    const { uncounted } = await judged(gateway, shownBy(gateway, { seq }))
    if (uncounted === undefined) seq += 1
    gateway.clock.advance(100)
  }
  assert.equal(unreportedIn(gateway), undefined)
})

test('an agent above its rate with calls side by side hides nothing, though it makes no other call', async context => {
  const gateway = await openGateway(context)
  gateway.engineOf().changeBundle({ rateLimit: { callsPerSecond: 20, burst: 20 } })
  const agent = await openSessionClient(context, gateway)
  const told = await Promise.all(Array.from({ length: 100 }, () => agent.call()))
  assert.equal(told.filter(({ isUncounted }) => isUncounted).length, 0)
  const refused = told.filter(({ text }) => /"reason":"RATE_LIMITED".*"invocationId"/.test(text))
  assert.ok(refused.length >= 10 && refused.length < 40, `${refused.length}`)
  assert.equal(gateway.server.acted.length, 100 - refused.length)
  assert.equal(unreportedIn(gateway), undefined)
})

test('an agent with far more calls side by side than its rate is refused none as a replay, and hides nothing', async context => {
  const gateway = await openGateway(context)
  gateway.engineOf().changeBundle({ rateLimit: { callsPerSecond: 40, burst: 40 } })
  const agent = await openSessionClient(context, gateway)
  const told = await Promise.all(Array.from({ length: 1600 }, () => agent.call()))
  for (let later = 0; later < 50; later += 1) told.push(await agent.call())
  const { log, signals } = gateway.engineOf()
  assert.equal(told.filter(({ text }) => text.includes('PROOF_')).length, 0)
  assert.deepEqual(signals, [])
  assert.deepEqual(
    log.filter(({ value }) => 'reason' in value && value.reason !== 'RATE_LIMITED'),
    [],
  )
  assert.equal(unreportedIn(gateway), undefined)
})

test('rejects a second use of the number of a call whose refusal for its rate is on record', async context => {
  const gateway = await openGateway(context)
  gateway.engineOf().changeBundle({ rateLimit: { callsPerSecond: 1, burst: 1 } })
  await judged(gateway, shownBy(gateway))
  const seq = gateway.nextSequence()
  const shown = shownBy(gateway, { seq })
  assert.equal((await judged(gateway, shown)).refusal?.reason, 'RATE_LIMITED')
  gateway.clock.advance(2_000)
  for (const again of [shown, shownBy(gateway, { seq })])
    assert.equal((await judged(gateway, again)).refusal?.reason, 'PROOF_REPLAYED')
})

test('replays free no number of a call that is on record, however many of them are on none', async context => {
  const gateway = await openGateway(context)
  const shown = shownBy(gateway)
  assert.equal((await judged(gateway, shown)).verdict, 'forward')
  for (let turn = 0; turn < 30; turn += 1) {
    const { refusal, uncounted } = await judged(gateway, shown)
    assert.deepEqual([refusal?.reason, uncounted], ['PROOF_REPLAYED', undefined])
  }
})

test('rejects the very request of a call that was refused on no record, once its rate allows it again', async context => {
  const gateway = await openGateway(context)
  gateway.engineOf().changeBundle({ rateLimit: { callsPerSecond: 1, burst: 1 } })
  await judged(gateway, shownBy(gateway, { seq: 0 }))
  for (let seq = 1; seq <= 10; seq += 1) await judged(gateway, shownBy(gateway, { seq }))
  const shown = shownBy(gateway, { seq: 11 })
  assert.equal((await judged(gateway, shown)).uncounted, true)
  gateway.clock.advance(2_000)
  const again = await judged(gateway, shown)
  assert.deepEqual([again.refusal?.reason, again.uncounted], ['PROOF_REPLAYED', undefined])
  assert.deepEqual(gateway.engineOf().signals, ['proof replayed files'])
  assert.equal((await judged(gateway, shownBy(gateway, { seq: 11 }))).verdict, 'forward')
  assert.equal(unreportedIn(gateway), undefined)
})

test('rejects the very request of a call that the kill switch stopped on no record, once that is taken back', async context => {
  const gateway = await openGateway(context)
  const scope = `session:${alicesSession}`
  const decide = (active: boolean, version: number): void => {
    const by = { issuedAt: gateway.clock.now(), by: 'olga', reason: 'a drill' }
    const statement = signRevocation(gateway.key, issuer, { scope, active, version, ...by })
    gateway.engineOf().takeRevocation(scope, statement)
  }
  decide(true, 1)
  const shown = { token: gateway.token(), key: gateway.holder }
  let stopped = { ...shown, proofText: '' }
  for (let turn = 0; turn < 12; turn += 1) {
    stopped = { ...shown, proofText: proofOf(gateway, shown) }
    assert.match((await gateway.ask(stopped)).text, /REVOKED/)
  }
  decide(false, 2)
  gateway.clock.advance(45_000)
  await gateway.rejects(stopped, 'invalid_dpop_proof')
  await gateway.accepts({ token: shown.token })
})
