import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseInvocationId } from '@cordon/foundation'
import { digestArguments, signRevocation } from '@cordon/tokens'

import { proofOf, readFile } from './agent.ts'
import type { Claims } from './crafted.ts'
import { alicesSession, type Gateway, issuer, openGateway } from './gateway.ts'

// A lying proxy has the socket of the engine and the agent's token, and one call that the agent signed.

/** What the engine gives for a call that it let pass, once more. */
const again = async (gateway: Gateway, invocationId: string): Promise<string | undefined> => {
  const { engine } = gateway.engineOf()
  const request = { token: gateway.token(), server: 'files', invocationId: parseInvocationId(invocationId) }
  return (await engine.vouch(request)).downstreamToken
}

/** A call that is on its way: its outcome was not reported. */
const openedCall = async (gateway: Gateway): Promise<string> => {
  const answer = await gateway.engineOf().engine.authorize(shownBy(gateway), { server: 'files', ...readFile })
  assert.equal(answer.verdict, 'forward')
  return answer.invocationId ?? ''
}

const shownBy = (gateway: Gateway, claims: Claims = {}) => {
  const token = gateway.token()
  const proof = proofOf(gateway, { token, key: gateway.holder, proof: claims })
  return { token, proof, htm: 'POST', htu: gateway.resource }
}

/** The agent answers what the tool server asked it. */
const answerOnce = async (gateway: Gateway): Promise<void> => {
  const { admitted } = await gateway
    .engineOf()
    .engine.admit(shownBy(gateway, { mcp: undefined }), 'files', 'answer')
  assert.ok(admitted)
}

test('a lying proxy gets no second call token for a call, unless its agent answered something', async context => {
  const gateway = await openGateway(context)
  const id = await openedCall(gateway)
  assert.equal(await again(gateway, id), undefined)
  await answerOnce(gateway)
  assert.ok(await again(gateway, id))
  assert.equal(await again(gateway, id), undefined)
})

test('a lying proxy gets no second call token after the kill switch took the tool away', async context => {
  const gateway = await openGateway(context)
  const id = await openedCall(gateway)
  await answerOnce(gateway)
  const scope = 'tool:files/read_file'
  const { clock } = gateway
  const statement = {
    scope,
    active: true,
    version: 1,
    issuedAt: clock.now(),
    by: 'operator',
    reason: 'a drill',
  }
  gateway.engineOf().takeRevocation(scope, signRevocation(gateway.key, issuer, statement))
  assert.equal(await again(gateway, id), undefined)
})

test('a lying proxy gets no second call token for a standing that allows the call no more', async context => {
  const gateway = await openGateway(context)
  const touch = { tool: 'touch', arguments: {} }
  const shown = shownBy(gateway, {
    mcp: { server: 'files', tool: 'touch', args_s256: digestArguments({}) },
  })
  const { engine, standings } = gateway.engineOf()
  const { invocationId = '' } = await engine.authorize(shown, { server: 'files', ...touch })
  await answerOnce(gateway)
  standings.set(alicesSession, 'read_only')
  assert.equal(await again(gateway, invocationId), undefined)
})
