import assert from 'node:assert/strict'
import { test } from 'node:test'

import { transfer, type EndpointWorld, type FakeChild } from '../../endpoint/endpoint-fixture.ts'
import { settled } from '../../session/session-fixture.ts'
import { answer, initialized, lastOf, messagesTo, openLinkWorld, say, unknownMethod } from './link-fixture.ts'

/** A call of an agent without a session, whose server asked something meanwhile. @returns with which state it is gone on with */
const askedWithinACall = async (world: EndpointWorld): Promise<string> => {
  const reply = await world.ask(transfer, { capabilities: { elicitation: {} } })
  const [child] = world.children as readonly [FakeChild]
  await answer(child, unknownMethod)
  await answer(child, { result: initialized })
  say(child, { id: 'q', method: 'elicitation/create', params: { message: 'Sure?' } })
  const { result } = JSON.parse(reply.answers[0]!.body) as { result: { requestState: string } }
  return result.requestState
}

test('the engine is told how the agent proved what a server with sessions is answered', async () => {
  const world = openLinkWorld()
  const vouched: unknown[] = []
  world.vouch = ({ method, content, saidAs }) => {
    if (method === 'answer') vouched.push([content, saidAs])
    return Promise.resolve({ vouched: true, nonce: 'n', downstreamToken: 'own' })
  }
  const requestState = await askedWithinACall(world)
  const inputResponses = { question: { action: 'accept' } }
  await world.ask(
    { ...transfer, params: { ...transfer.params, inputResponses, requestState } },
    { capabilities: { elicitation: {} } },
  )
  await settled()
  const content = { id: 'q', result: { action: 'accept' } }
  assert.deepEqual(lastOf(world.children[0]!), { jsonrpc: '2.0', ...content })
  assert.deepEqual(vouched, [[content, { inputResponse: { name: 'question', requestState } }]])
})

test('answers to nothing that was asked do not reach a server with sessions', async () => {
  const world = openLinkWorld()
  await askedWithinACall(world)
  const sent = world.children[0]!.received.length
  const inputResponses = { question: { action: 'accept' } }
  const reply = await world.ask(
    { ...transfer, params: { ...transfer.params, inputResponses } },
    { capabilities: { elicitation: {} } },
  )
  assert.match(reply.answers[0]!.body, /-32602.*expected the same call with the requestState/)
  assert.equal(world.children[0]!.received.length, sent)
})

for (const what of ['session', 'tool'] as const)
  test(`a call that waits for its agent’s answer is given up at its server when its ${what} may not go on`, async () => {
    const world = openLinkWorld()
    await askedWithinACall(world)
    const child = world.children[0]!
    const called = messagesTo(child)
    const { id } = called.find(({ method }) => method === 'tools/call') ?? {}
    const refusal = { reason: 'REVOKED', message: 'It is stopped.' } as const
    for (const session of world.parts.sessions.all()) {
      assert.deepEqual(session.tools(), ['transfer'])
      session.cutTool(refusal, 'another')
      assert.equal(child.received.length, called.length)
      if (what === 'session') session.cut(refusal)
      else session.cutTool(refusal, 'transfer')
      assert.deepEqual(session.tools(), [])
    }
    const told = messagesTo(child).slice(called.length)
    assert.deepEqual(
      told.map(({ method, id: answered, params }) => [method ?? answered, params]),
      [
        ['q', undefined],
        ['notifications/cancelled', { requestId: id, reason: 'Nobody waits for it any more.' }],
      ],
    )
  })
