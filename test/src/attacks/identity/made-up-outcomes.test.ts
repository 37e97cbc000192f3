import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import { outcomeOf } from '@cordon/engine-socket/fixtures/outcome'
import { makeSessionId, parseInvocationId } from '@cordon/foundation'
import { generateSigningKeyPem, openSigningKey } from '@cordon/tokens'

import { craft, es256 } from './crafted.ts'
import { alicesSession, claimsAt, type Gateway, openGateway } from './gateway.ts'

// A lying proxy has the socket of an engine, and says that calls have ended which another engine let pass: nobody here knows of them.

interface MadeUp {
  readonly token?: string
  readonly tool?: string
}

/** @returns how many outcomes of that session are on record */
const made = (gateway: Gateway, { token = gateway.token(), tool = 'read_file' }: MadeUp = {}): number => {
  const { engine, log } = gateway.engineOf()
  engine.recordOutcome({
    ...outcomeOf(parseInvocationId(randomUUID())),
    call: { token, server: 'files', tool },
  })
  return log.filter(({ name }) => name === 'InvocationCompleted').length
}

test('rejects an outcome that a lying proxy makes up in a session whose token it never saw', async context => {
  const gateway = await openGateway(context)
  const bobs = makeSessionId(3, randomUUID())
  gateway.engineOf().standings.set(bobs, 'trusted')
  const own = await openSigningKey(generateSigningKeyPem())
  const forged = craft(
    { typ: 'at+jwt', alg: 'ES256', kid: gateway.key.keyId },
    { ...claimsAt(gateway.clock.now()), sid: bobs, cnf: { jkt: gateway.holder.thumbprint } },
    es256(own.privateKey),
  )
  assert.equal(made(gateway, { token: forged }), 0)
  assert.equal(made(gateway), 1)
  assert.equal(gateway.engineOf().log.at(-1)?.value.sessionId, alicesSession)
})

test('rejects an outcome that a lying proxy makes up of a tool that the session was not granted', async context => {
  const gateway = await openGateway(context)
  assert.equal(made(gateway, { tool: 'write_file' }), 0)
  assert.equal(made(gateway), 1)
})

test('rejects an outcome that a lying proxy makes up with a token of the day before yesterday', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token()
  gateway.clock.advance(2 * 86_400_000)
  assert.equal(made(gateway, { token }), 0)
  assert.equal(made(gateway), 1)
})

test('rejects a flood of outcomes that a lying proxy makes up', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token()
  let recorded = 0
  for (let count = 0; count < 1_500; count += 1) recorded = made(gateway, { token })
  // As many as can be open at once.
  assert.equal(recorded, 1_000)
})
