import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeSessionId } from '@cordon/foundation'
import { generateSigningKeyPem, openSigningKey, type SigningKey, signRevocation } from '@cordon/tokens'

import { craft, decoded, es256 } from './crafted.ts'
import { actorOf, contextOf, type Gateway, issuer, openGateway } from './gateway.ts'

// A token is not expired, but somebody pulled the kill switch, or a scorer decided. The attacker goes on, or forges the log.

interface Statement {
  readonly scope: string
  readonly active?: boolean
  readonly version?: number
  readonly issuer?: string
}

const signed = (
  gateway: Gateway,
  { scope, active = true, version = 1, ...other }: Statement,
  key?: SigningKey,
) =>
  signRevocation(key ?? gateway.key, other.issuer ?? issuer, {
    scope,
    active,
    version,
    issuedAt: gateway.clock.now(),
    by: 'operator',
    reason: 'a drill',
  })

const revoke = (gateway: Gateway, scope: string): void =>
  gateway.engineOf().takeRevocation(scope, signed(gateway, { scope }))

/** Let through before, stopped after; others go on. */
const stops = async (gateway: Gateway, scope: string): Promise<void> => {
  const token = gateway.token({ act: actorOf('agent-7', { ...actorOf('agent-1'), agent_platform: 'shop' }) })
  await gateway.accepts({ token })
  revoke(gateway, scope.replace(/:.*/, ':somebody-else'))
  await gateway.accepts({ token })
  revoke(gateway, scope)
  await isStopped(gateway, token, `An operator has stopped ${scope}. Only an operator can lift that.`)
}

const isStopped = async (gateway: Gateway, token: string, reason: string): Promise<void> => {
  const before = gateway.server.acted.length
  const told = await gateway.ask({ token })
  assert.equal(gateway.server.acted.length, before)
  assert.ok(told.text.includes(reason), told.text)
}

test('the kill switch stops an agent whose token is not expired', async context =>
  stops(await openGateway(context), 'agent:agent-7'))

test('the kill switch of an agent stops whomever it delegated to', async context =>
  stops(await openGateway(context), 'agent:agent-1'))

test('the kill switch stops a human’s agents whose tokens are not expired', async context =>
  stops(await openGateway(context), 'human:alice'))

test('the kill switch stops a platform whose tokens are not expired', async context =>
  stops(await openGateway(context), 'platform:desk'))

test('the kill switch stops a session whose token is not expired', async context =>
  stops(await openGateway(context), 'session:3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b'))

test('the kill switch of a session stops whatever it handed on, however far', async context => {
  const gateway = await openGateway(context)
  const [root, parent] = ['3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a01', '3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a02']
  const token = gateway.token({ agentic_ctx: contextOf({ delegated_by: [parent, root] }) })
  await gateway.accepts({ token })
  revoke(gateway, `session:${root}`)
  await isStopped(gateway, token, 'An operator has stopped')
})

test('rejects the unexpired token of a sub-agent whose parent session is over', async context => {
  const parent = makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a02')
  for (const standing of ['suspended', 'ended'] as const) {
    const gateway = await openGateway(context)
    const token = gateway.token({ agentic_ctx: contextOf({ delegated_by: [parent] }) })
    await gateway.accepts({ token })
    gateway.engineOf().standings.set(parent, standing)
    await isStopped(gateway, token, 'so this one is over')
  }
})

test('the kill switch stops a tool whatever tokens grant', async context =>
  stops(await openGateway(context), 'tool:files/read_file'))

test('the kill switch stops all tools of a server', async context =>
  stops(await openGateway(context), 'tool:files/*'))

test('the kill switch stops everything', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token()
  await gateway.accepts({ token })
  revoke(gateway, 'everything:*')
  await isStopped(gateway, token, 'An operator has stopped')
})

test('rejects a forged reinstatement', async context => {
  const gateway = await openGateway(context)
  const scope = 'human:alice'
  revoke(gateway, scope)
  const own = { ...(await openSigningKey(generateSigningKeyPem())), keyId: gateway.key.keyId }
  gateway.engineOf().takeRevocation(scope, signed(gateway, { scope, active: false, version: 9 }, own))
  await isStopped(gateway, gateway.token(), 'An operator has stopped')
  assert.deepEqual(gateway.engineOf().signals, [`revoked ${scope}`, `revocation forged ${scope}`])
})

test('rejects an older statement, shown after a newer one', async context => {
  const gateway = await openGateway(context)
  const scope = 'human:alice'
  gateway.engineOf().takeRevocation(scope, signed(gateway, { scope, version: 2 }))
  gateway.engineOf().takeRevocation(scope, signed(gateway, { scope, active: false, version: 1 }))
  await isStopped(gateway, gateway.token(), 'An operator has stopped')
  assert.ok(gateway.engineOf().signals.includes(`revocation replayed ${scope}`))
})

test('rejects a replayed reinstatement: it was true once', async context => {
  const gateway = await openGateway(context)
  const scope = 'human:alice'
  const lifted = signed(gateway, { scope, active: false, version: 2 })
  revoke(gateway, scope)
  gateway.engineOf().takeRevocation(scope, lifted)
  await gateway.accepts()
  gateway.engineOf().takeRevocation(scope, signed(gateway, { scope, version: 3 }))
  gateway.engineOf().takeRevocation(scope, lifted)
  await isStopped(gateway, gateway.token(), 'An operator has stopped')
})

test('rejects the reinstatement of another scope under this one’s name', async context => {
  const gateway = await openGateway(context)
  revoke(gateway, 'human:alice')
  const other = signed(gateway, { scope: 'human:bob', active: false, version: 9 })
  gateway.engineOf().takeRevocation('human:alice', other)
  assert.deepEqual(gateway.engineOf().signals, ['revoked human:alice', 'revocation forged human:alice'])
  await isStopped(gateway, gateway.token(), 'An operator has stopped')
})

test('rejects the reinstatement of another deployment', async context => {
  const gateway = await openGateway(context)
  const scope = 'human:alice'
  revoke(gateway, scope)
  const foreign = signed(gateway, { scope, active: false, version: 9, issuer: 'https://other.example' })
  gateway.engineOf().takeRevocation(scope, foreign)
  await isStopped(gateway, gateway.token(), 'An operator has stopped')
})

test('rejects another kind of token as a revocation', async context => {
  const gateway = await openGateway(context)
  const scope = 'human:alice'
  revoke(gateway, scope)
  const statement = decoded(signed(gateway, { scope, active: false, version: 9 }), 1)
  for (const typ of ['at+jwt', 'statuslist+jwt', 'JWT']) {
    const header = { typ, alg: 'ES256', kid: gateway.key.keyId }
    gateway.engineOf().takeRevocation(scope, craft(header, statement, es256(gateway.key.privateKey)))
  }
  await isStopped(gateway, gateway.token(), 'An operator has stopped')
})

test('rejects a tombstone in place of a revocation', async context => {
  const gateway = await openGateway(context)
  revoke(gateway, 'human:alice')
  gateway.engineOf().takeRevocation('human:alice', null)
  await isStopped(gateway, gateway.token(), 'An operator has stopped')
})

test('rejects an ended session with an unexpired token', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token()
  await gateway.accepts({ token })
  const { standings } = gateway.engineOf()
  for (const sessionId of standings.keys()) standings.set(sessionId, 'ended')
  await isStopped(gateway, token, 'has ended')
})

test('rejects a suspended session with an unexpired token', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token()
  const { standings } = gateway.engineOf()
  for (const sessionId of standings.keys()) standings.set(sessionId, 'suspended')
  await isStopped(gateway, token, 'is suspended')
})

test('rejects the token of a session that nobody opened', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token({ sid: '3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7aff' })
  await isStopped(gateway, token, 'not known')
})

/** A call that waits at a gate, and what happens meanwhile. */
const askGated = async (gateway: Gateway, event: () => void, claims: object = {}): Promise<string> => {
  gateway.engineOf().whileWaiting(event)
  const call = { tool: 'send_mail', arguments: { to: 'a@b.example' } }
  const token = gateway.token({ scope: 'tool:files/send_mail', ...claims })
  const before = gateway.server.acted.length
  const { text } = await gateway.ask({ call, token })
  assert.equal(gateway.server.acted.length, before)
  return text
}

test('the kill switch stops a call that waits at a gate', async context => {
  const gateway = await openGateway(context)
  const text = await askGated(gateway, () => revoke(gateway, 'tool:files/send_mail'))
  assert.ok(text.includes('An operator has stopped'), text)
})

test('rejects a call that waits at a gate beyond the end of its token', async context => {
  const gateway = await openGateway(context)
  const text = await askGated(gateway, () => gateway.clock.advance(300_000))
  // Answered with 401, its agent would send it again with a number that is used up.
  assert.match(text, /has expired.*"isError":true/)
})

test('rejects the call of a sub-agent that waits at a gate while its parent session is stopped', async context => {
  const parent = makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a02')
  const gateway = await openGateway(context)
  const stop = (): void => void gateway.engineOf().standings.set(parent, 'suspended')
  const text = await askGated(gateway, stop, { agentic_ctx: contextOf({ delegated_by: [parent] }) })
  assert.ok(text.includes('so this one is over'), text)
})
