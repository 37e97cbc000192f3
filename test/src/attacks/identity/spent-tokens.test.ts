import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openGateway } from './gateway.ts'

// A lying proxy has the socket of the engine and the token of an agent, which counted a while ago.

test('a lying proxy gets no call token, whatever it says, once the token of its agent has expired', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token()
  const { engine } = gateway.engineOf()
  const listing = { token, server: 'files', method: 'tools/list', content: {} }
  assert.ok((await engine.vouch(listing)).downstreamToken)
  gateway.clock.advance(300_000)
  const { vouched: isVouched, downstreamToken } = await engine.vouch(listing)
  assert.deepEqual([isVouched, downstreamToken], [false, undefined])
})

test('a lying proxy gets no call token, whatever it says, once the key of its agent’s token is withdrawn', async context => {
  const gateway = await openGateway(context)
  const token = gateway.token()
  const { engine } = gateway.engineOf()
  const listing = { token, server: 'files', method: 'tools/list', content: {} }
  assert.ok((await engine.vouch(listing)).downstreamToken)
  await gateway.replaceKey()
  const { vouched: isVouched, downstreamToken } = await engine.vouch(listing)
  assert.deepEqual([isVouched, downstreamToken], [false, undefined])
  // Whoever stole the key can sign others, and learns nothing by them.
  const forged = await engine.vouch({ ...listing, token: gateway.token({ jti: 'forged' }) })
  assert.deepEqual(
    [forged.vouched, forged.sessionId, forged.refusal?.reason],
    [false, undefined, 'TOKEN_INVALID'],
  )
})
