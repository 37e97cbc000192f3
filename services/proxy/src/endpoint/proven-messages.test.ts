import assert from 'node:assert/strict'
import { test } from 'node:test'

import { alice, openEndpointWorld, transfer } from './endpoint-fixture.ts'

const admitted = { admitted: true, sessionId: alice, nonce: 'n' } as const

test('the engine is asked about what a message says, as its proof and its server’s token have to say it', async () => {
  const world = openEndpointWorld()
  const asked: unknown[] = []
  world.admit = (_token, method, contentDigest) => {
    asked.push([method, contentDigest])
    return Promise.resolve(admitted)
  }
  const session = await world.initialize()
  await world.post(
    { id: 2, method: 'resources/subscribe', params: { uri: 'a:b', _meta: { x: 1 } } },
    { session },
  )
  await world.post({ id: 7, result: { action: 'accept' } }, { session })
  await world.get(session)
  // printf '%s' '{}' | openssl dgst -sha256 -binary | basenc --base64url, and so on.
  assert.deepEqual(asked, [
    ['initialize', 'RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o'],
    ['resources/subscribe', 'rHgLkQCcdmbi04UjQ5X2_wLJKwpkRsdRJIPkStJlW7s'],
    ['answer', 'paSmBv_x9nuLGluOPwJsnr8e7DH_Xqc_jp3Ftnm3piA'],
    ['GET', undefined],
  ])
})

test('the engine is asked about what a call says beside its arguments, and of most that is nothing', async () => {
  const world = openEndpointWorld()
  const asked: unknown[] = []
  world.authorize = ({ restDigest, task }) => {
    asked.push([restDigest, task])
    return Promise.resolve({ verdict: 'deny', nonce: 'n' })
  }
  const session = await world.initialize()
  await world.post(transfer, { session })
  await world.post({ ...transfer, params: { ...transfer.params, task: { ttl: 1 } } }, { session })
  await world.ask({ ...transfer, params: { ...transfer.params, inputResponses: {}, requestState: 's' } })
  assert.deepEqual(asked, [
    [undefined, undefined],
    ['bz1Meax8RfT3PrNiJFFgy4fppL3Pca73fH70-9yuG7A', { ttl: 1 }],
    ['HwdfzWJsYUJ6nw6SjQvYIlzwOid4R88V-uqIEerPfAg', undefined],
  ])
})

/**
 * @input an answer, another message that calls nothing, or what a call says beside its arguments, with a number that is another one as a double
 * @behaviour refused (`ARGUMENTS_INVALID`): its digest would be that of a neighbour; the engine is not asked, nothing is forwarded, the number of the call's proof is free
 * @counter none: `cordon_proxy_requests_refused_total{reason="ARGUMENTS_INVALID"}`, which each refusal counts by its reason
 */
test('what has the canonical text of something else is refused', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const before = world.children[0]!.received.length
  // ES2026: written as it stands.
  const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }
  const number = rawJSON('9007199254740993')
  const answer = await world.post({ id: 7, result: { number } }, { session })
  assert.equal(answer.answers[0]!.status, 403)
  const request = await world.post({ id: 2, method: 'completion/complete', params: { number } }, { session })
  assert.match(request.answers[0]!.body, /ARGUMENTS_INVALID/)
  const retry = await world.post(
    { ...transfer, params: { ...transfer.params, task: { ttl: number } } },
    { session },
  )
  assert.match(retry.answers[0]!.body, /ARGUMENTS_INVALID/)
  assert.equal(retry.headers.get('cordon-call-uncounted'), 'NOT_ASKED')
  assert.equal(world.children[0]!.received.length, before)
})
