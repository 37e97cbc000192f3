import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ProvenRequest } from '@cordon/engine-socket'
import { signRevocation } from '@cordon/tokens'

import { readFile, shownBy } from './agent.ts'
import { alicesSession, issuer, openGateway } from './gateway.ts'

// The hijacked agent has the key of its session, and wants to call so that no record tells of it; a thief wants none of replays.

test('rejects a low read of which no log can take a record', async context => {
  const gateway = await openGateway(context)
  await gateway.accepts()
  // In place of whatever an agent may find: one field that Avro cannot write is as good as another.
  gateway.engineOf().changeBundle({ version: Number.MAX_SAFE_INTEGER })
  const { text } = await gateway.ask()
  assert.ok(text.includes('RECORD_UNWRITABLE'), text)
  assert.equal(gateway.server.acted.length, 1)
  assert.equal(gateway.engineOf().log.at(-1)?.name, 'InvocationDenied')
})

test('whoever has only the token keeps no replay off the record by a flood of calls without a proof', async context => {
  const gateway = await openGateway(context)
  const shown = shownBy(gateway)
  const proven = gateway.engineOf()
  const asked = async (given: ProvenRequest) =>
    (await proven.engine.authorize(given, { server: 'files', ...readFile })).refusal?.reason
  assert.equal(await asked(shown), undefined)
  for (let second = 0; second < 20; second += 1) {
    for (let turn = 0; turn < 10; turn += 1)
      assert.equal(await asked({ ...shown, proof: '' }), 'PROOF_MISSING')
    assert.equal(await asked(shown), 'PROOF_REPLAYED')
    gateway.clock.advance(1_000)
  }
  const replays = proven.log.filter(
    ({ name, value }) => name === 'InvocationDenied' && value.reason === 'PROOF_REPLAYED',
  )
  assert.equal(replays.length, 20)
})

test('a session that is stopped cannot keep its calls off the record by asking for what is on none', async context => {
  const gateway = await openGateway(context)
  await gateway.accepts()
  const proven = gateway.engineOf()
  const scope = `session:${alicesSession}`
  const by = { issuedAt: gateway.clock.now(), by: 'olga', reason: 'a drill' }
  proven.takeRevocation(
    scope,
    signRevocation(gateway.key, issuer, { scope, active: true, version: 1, ...by }),
  )
  for (let look = 0; look < 20; look += 1)
    await proven.engine.vouch({ token: gateway.token(), server: 'files' })
  await gateway.ask()
  const denied = proven.log.flatMap(({ name, value }) => (name === 'InvocationDenied' ? [value.reason] : []))
  assert.deepEqual(denied, ['REVOKED'])
})
