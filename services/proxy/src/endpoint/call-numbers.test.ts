import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { AuthorizeAnswer } from '@cordon/engine-socket'

import type { FakeReply } from '../session/session-fixture.ts'
import { forward, mallory, openEndpointWorld, transfer, type Asked } from './endpoint-fixture.ts'

const whyFree = ({ headers }: FakeReply): string | undefined => headers.get('cordon-call-uncounted')

/**
 * @input a call that the proxy turns away by itself: of an unknown MCP session, with a member too many, in a body that is too large, while it stops …
 * @behaviour turned away as ever; the answer says that the number of its proof is free (`Cordon-Call-Uncounted: NOT_ASKED`), so that its agent uses it for the next call and none seems to be hidden
 * @counter none: `cordon_proxy_requests_rejected_total`, which each such answer counts by its cause
 */
test('a call that the proxy turns away by itself leaves the number of its proof free', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  world.authorize = () => Promise.resolve(forward)
  await world.post(transfer, { session })
  const withParams = (params: object): object => ({
    ...transfer,
    id: 2,
    params: { ...transfer.params, ...params },
  })
  const refused = async (reply: FakeReply | Promise<FakeReply>): Promise<void> => {
    assert.equal(world.children[0]!.received.length, 2)
    assert.equal(whyFree(await reply), 'NOT_ASKED')
  }
  await refused(world.post(transfer))
  await refused(world.post(transfer, { session: 'gone' }))
  await refused(world.post(transfer, { session }))
  await refused(world.post(withParams({ later: 1 }), { session }))
  await refused(world.post(withParams({ arguments: [] }), { session }))
  await refused(world.post({ ...transfer, method: 'tools/do' }, { session }))
  await refused(world.post({ id: 2, jsonrpc: '1.0' }, { session }))
  await refused(world.ask(withParams({ later: 1 }) as Asked))
  await refused(world.ask(transfer, { headers: { 'mcp-name': 'another' } }))
  world.vouch = () =>
    Promise.resolve({
      vouched: false,
      nonce: '',
      refusal: { reason: 'ENGINE_UNAVAILABLE', message: 'Nobody answers.' },
    })
  await refused(world.post(transfer, { session, token: 'new' }))
  world.endpoint.drain()
  await refused(world.post(transfer, { session }))
})

test('a request whose proof went to the engine does not, whatever its agent is told', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  let calls = 0
  const say = async (decision: AuthorizeAnswer): Promise<FakeReply> => {
    calls += 1
    world.authorize = () => Promise.resolve(decision)
    return world.post({ ...transfer, id: calls }, { session })
  }
  const stale = { reason: 'SESSION_STALE', message: 'Nobody knows.' } as const
  assert.equal(whyFree(await say(forward)), undefined)
  assert.equal(whyFree(await say({ verdict: 'deny', nonce: 'n', refusal: stale })), undefined)
  const another = await say({ ...forward, sessionId: mallory })
  assert.deepEqual([another.answers[0]!.status, whyFree(another)], [404, undefined])
  world.admit = () => Promise.resolve({ admitted: false, nonce: 'n', refusal: stale })
  assert.equal(whyFree(await world.post({ id: 20, method: 'tools/list' }, { session })), undefined)
})

test('what never became a request left its number free', () => {
  const { endpoint } = openEndpointWorld()
  for (const cause of ['request_unreadable', 'request_slow', 'expectation'] as const)
    assert.equal(endpoint.turnAwayUnreadable(cause).headers['cordon-call-uncounted'], 'NOT_ASKED')
})
