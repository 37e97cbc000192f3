import assert from 'node:assert/strict'
import { test } from 'node:test'

import { outcomeOf } from '@cordon/engine-socket/fixtures/outcome'

import { callOf, createEngineFixture, downstreamOf, saying, shownWith } from './engine-fixture.ts'
import { decisionOf, principal } from './session-fixture.ts'

// printf '{"path":"/data/a"}' | openssl dgst -sha256 -binary | basenc --base64url
const digest = '2u8_80aI7-5-g2cQncjGFI4FftF86d64vVC6dCOXBvM'

test('what an enforcement point says of its own accord has a token, what an agent would have to prove has none', async () => {
  const { engine } = createEngineFixture()
  const vouch = async (asked: object = {}): Promise<unknown> => {
    const answer = await engine.vouch({ token: 'valid', server: 'files', ...asked })
    assert.equal(answer.vouched, true)
    return downstreamOf(answer.downstreamToken)
  }
  const content = { path: '/data/a' }
  assert.deepEqual(await vouch({ method: 'initialize', content }), {
    method: 'initialize',
    contentDigest: digest,
  })
  assert.deepEqual(await vouch({ method: 'GET' }), { method: 'GET' })
  assert.equal(await vouch(), null)
  for (const method of ['tools/call', 'completion/complete', 'resources/subscribe', 'answer'])
    assert.equal(await vouch({ method, content: { id: 1, result: content } }), null, method)
})

test('an open call may be sent once more with what the agent answered, one that is over or another session’s may not', async () => {
  const { engine, world } = createEngineFixture()
  const { invocationId } = await engine.authorize(shownWith('0'), callOf('read_file', { path: '/data/a' }))
  assert.ok(invocationId)
  const content = { inputResponses: { sure: { action: 'accept' } }, requestState: 's' }
  const again = async (): Promise<unknown> => {
    const asked = {
      token: 'valid',
      server: 'files',
      invocationId,
      content,
      saidAs: { answerIds: { sure: 1 } },
    }
    return downstreamOf((await engine.vouch(asked)).downstreamToken)
  }
  const answer = (id: number, action: string) =>
    engine.admit(shownWith('0'), saying('answer', { id, result: { action } }))
  assert.equal(await again(), null, 'before the agent answered anything')
  await answer(1, 'decline')
  await answer(2, 'accept')
  assert.equal(await again(), null, 'the agent answered otherwise, or something else')
  await answer(1, 'accept')
  assert.deepEqual(await again(), {
    method: 'tools/call',
    tool: 'read_file',
    argumentsDigest: digest,
    restDigest: saying('', content).contentDigest,
  })
  assert.equal(await again(), null, 'each answer counts once')
  engine.recordOutcome(outcomeOf(invocationId))
  await answer(1, 'accept')
  const over = await engine.vouch({ token: 'valid', server: 'files', invocationId })
  assert.deepEqual(
    [over.vouched, over.refusal?.reason, over.downstreamToken],
    [false, 'ENGINE_UNAVAILABLE', undefined],
  )
  world.isRevoked = () => true
  const { vouched, refusal } = await engine.vouch({ token: 'valid', server: 'files', method: 'ping' })
  assert.deepEqual([vouched, refusal?.reason], [false, 'REVOKED'])
})

const spent = { EXPIRED: 'TOKEN_EXPIRED', KEY_UNKNOWN: 'TOKEN_INVALID' } as const
test('of a session that is over its enforcement point learns that, also where the token counts no more', async () => {
  for (const fault of ['EXPIRED', 'KEY_UNKNOWN'] as const) await learnsThatItIsOver(fault)
})

const learnsThatItIsOver = async (fault: keyof typeof spent): Promise<void> => {
  const former = { ok: false, reason: fault, former: principal } as const
  const { engine, world } = createEngineFixture({ tokens: { verify: () => former } })
  const reasonOf = async (): Promise<unknown> => {
    const { vouched, refusal, downstreamToken } = await engine.vouch({
      token: 'valid',
      server: 'files',
      method: 'DELETE',
    })
    assert.deepEqual([vouched, downstreamToken], [false, undefined])
    return refusal?.reason
  }
  assert.equal(await reasonOf(), spent[fault])
  world.isRevoked = () => true
  assert.equal(await reasonOf(), 'REVOKED')
  world.isRevoked = tool => tool === 'touch'
  const { vouched, stopped } = await engine.vouch({ token: 'valid', server: 'files', underWay: ['touch'] })
  assert.deepEqual([vouched, stopped?.map(({ tool }) => tool)], [false, ['touch']])
  world.isRevoked = () => false
  for (const [standing, reason] of [
    ['suspended', 'SESSION_SUSPENDED'],
    ['ended', 'SESSION_ENDED'],
  ] as const) {
    world.decision = decisionOf(standing)
    assert.equal(await reasonOf(), reason)
  }
  const { verdict, refusal } = await engine.authorize(shownWith('0'), callOf('read_file'))
  assert.deepEqual([verdict, refusal?.reason], ['deny', spent[fault]], 'nothing is let through by it')
}

test('for a session that may do nothing any more there are tokens to stop what it began, and for nothing else', async () => {
  const { engine, world } = createEngineFixture()
  const task = { ...callOf('read_file', { path: '/data/a' }), restDigest: 'd'.repeat(43) }
  const { invocationId } = await engine.authorize(shownWith('0'), task)
  const plain = await engine.authorize(shownWith('1'), callOf('read_file', { path: '/data/a' }))
  assert.ok(invocationId && plain.invocationId)
  const stop = { method: 'tasks/cancel', content: { taskId: 't' } }
  const tokenFor = async (said: object): Promise<unknown> =>
    downstreamOf((await engine.vouch({ token: 'valid', server: 'files', ...said })).downstreamToken)
  const told = { method: 'tasks/cancel', contentDigest: saying('', stop.content).contentDigest }
  const isStopped = async (): Promise<void> => {
    assert.deepEqual(await tokenFor({ ...stop, invocationId }), told)
    assert.equal(await tokenFor(stop), null, 'a task of no call')
    assert.equal(await tokenFor({ ...stop, invocationId: plain.invocationId }), null, 'a call that is none')
    assert.equal(await tokenFor({ ...stop, server: 'mail', invocationId }), null, 'at another server')
    const cancelled = { method: 'notifications/cancelled', content: { requestId: 7 } }
    assert.deepEqual(await tokenFor(cancelled), {
      method: 'notifications/cancelled',
      contentDigest: saying('', cancelled.content).contentDigest,
    })
    assert.deepEqual(await tokenFor({ method: 'DELETE' }), { method: 'DELETE' })
  }
  await isStopped()
  for (const standing of ['suspended', 'ended'] as const) {
    world.decision = decisionOf(standing)
    await isStopped()
    assert.equal(await tokenFor({ method: 'tools/list', content: {} }), null)
    assert.equal((await engine.vouch({ token: 'valid', server: 'files', method: 'DELETE' })).vouched, false)
  }
  world.decision = decisionOf('trusted')
  world.isRevoked = () => true
  await isStopped()
  world.isRevoked = () => false
  const report = { resultBytes: 0, resultDigest: '00'.repeat(32), entities: [], wording: '' }
  engine.recordOutcome({
    type: 'outcome',
    invocationId,
    outcome: 'cancelled',
    entitiesOverflow: false,
    ...report,
  })
  assert.equal(await tokenFor({ ...stop, invocationId }), null, 'a call that is over')
})

test('an answer within a call may be said to a server with sessions as one of its own, once', async () => {
  const { engine } = createEngineFixture()
  const rest = { inputResponses: { q: { action: 'accept' } }, requestState: 's' }
  const content = { id: 7, result: { action: 'accept' } }
  const vouch = async (result: object = content.result): Promise<unknown> => {
    const saidAs = { inputResponse: { name: 'q', requestState: 's' } }
    const asked = { method: 'answer', content: { ...content, result }, saidAs }
    return downstreamOf((await engine.vouch({ token: 'valid', server: 'files', ...asked })).downstreamToken)
  }
  assert.equal(await vouch(), null, 'before the call')
  const restDigest = saying('', rest).contentDigest
  await engine.authorize(shownWith('0'), { ...callOf('no_tool'), restDigest })
  assert.equal(await vouch(), null, 'a call that was refused')
  await engine.authorize(shownWith('1'), { ...callOf('read_file'), restDigest })
  assert.equal(await vouch({ action: 'decline' }), null, 'another answer')
  assert.deepEqual(await vouch(), {
    method: 'answer',
    contentDigest: saying('', content).contentDigest,
  })
  assert.equal(await vouch(), null, 'a second time')
})

test('the kill switch of one tool stops what is under way of it, at its own server, and says why', async () => {
  const { engine, world } = createEngineFixture()
  const stoppedOf = async (...underWay: readonly string[]) =>
    (await engine.vouch({ token: 'valid', server: 'files', underWay })).stopped
  assert.equal(await stoppedOf('touch', 'read_file'), undefined)
  world.isRevoked = tool => tool === 'touch'
  const stopped = await stoppedOf('touch', 'read_file')
  assert.deepEqual(
    stopped?.map(({ tool, refusal: { reason } }) => [tool, reason]),
    [['touch', 'REVOKED']],
  )
  assert.match(stopped[0]!.refusal.message, /An operator has stopped/)
  assert.equal(await stoppedOf('read_file'), undefined)
  world.isRevoked = tool => tool !== ''
  const many = Array.from({ length: 300 }, (_, number) => `tool-${number}`)
  assert.equal((await stoppedOf(...many))?.length, 64, 'no more than a reply may hold')
})
