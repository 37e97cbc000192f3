import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { callOf, createEngineFixture, namesOf, saying, shownWith } from './engine-fixture.ts'
import { decisionOf, principal, sessionId } from './session-fixture.ts'

// printf '{"path":"/data/a"}' | openssl dgst -sha256 -binary | basenc --base64url
const digest = '2u8_80aI7-5-g2cQncjGFI4FftF86d64vVC6dCOXBvM'
const other = 'd'.repeat(43)

describe('what comes with a token', () => {
  test('a proof is compared with everything that is said: a call, any other message, and a request without one', async () => {
    const { engine, proven } = createEngineFixture()
    const call = callOf('read_file', { path: '/data/a' })
    await engine.authorize(shownWith('0'), call)
    await engine.authorize(shownWith('1'), { ...call, restDigest: other })
    await engine.admit(shownWith('2'), { server: 'files', method: 'answer', contentDigest: other })
    await engine.admit({ ...shownWith('3'), htm: 'GET' }, { server: 'files', method: 'GET' })
    const expected = { server: 'files', tool: 'read_file', argumentsDigest: digest }
    assert.deepEqual(proven, [
      { ...expected, restDigest: undefined },
      { ...expected, restDigest: other },
      { method: 'answer', contentDigest: other },
      undefined,
    ])
  })

  test('a message without a digest is refused: no proof would say what it says', async () => {
    const { engine } = createEngineFixture()
    for (const method of ['answer', 'tools/list', 'GET']) {
      const { refusal, downstreamToken } = await engine.admit(shownWith('0'), { server: 'files', method })
      assert.deepEqual([refusal?.reason, downstreamToken], ['ARGUMENTS_INVALID', undefined])
    }
  })

  test('rejects a stolen token: without its key there is no proof', async () => {
    const { engine, log } = createEngineFixture()
    const answer = await engine.authorize(shownWith(''), callOf('read_file'))
    assert.deepEqual([answer.verdict, answer.refusal?.reason], ['deny', 'PROOF_MISSING'])
    assert.equal((await engine.admit(shownWith(''), saying('tools/list'))).refusal?.reason, 'PROOF_MISSING')
    assert.deepEqual(namesOf(log), ['InvocationDenied'])
  })

  test('rejects a proof that does not hold, and puts that on record as a denial', async () => {
    const { engine, log, replayed } = createEngineFixture()
    for (const reason of ['PROOF_INVALID', 'PROOF_REPLAYED']) {
      const { verdict, refusal, nonce } = await engine.authorize(shownWith(reason), callOf('read_file'))
      assert.deepEqual([verdict, refusal?.reason, nonce], ['deny', reason, 'nonce'])
    }
    assert.deepEqual(
      log.map(({ value }) => 'reason' in value && [value.reason, value.sessionId, value.proofSequence]),
      [
        ['PROOF_INVALID', sessionId, null],
        ['PROOF_REPLAYED', sessionId, null],
      ],
    )
    assert.deepEqual(replayed, ['files'])
  })

  test('says where the number of a proof is still free: whoever signed it must not seem to hide a call', async () => {
    const { engine } = createEngineFixture()
    const isUncounted = async (proof: string, args?: object): Promise<boolean> =>
      (await engine.authorize(shownWith(proof), callOf('read_file', args))).uncounted ?? false
    for (const reason of ['', 'PROOF_INVALID', 'PROOF_NONCE', 'ENGINE_UNAVAILABLE'])
      assert.equal(await isUncounted(reason), true, reason)
    assert.equal(await isUncounted('0', { path: '\ud800' }), true)
    assert.equal(await isUncounted('PROOF_REPLAYED'), false)
    assert.equal(await isUncounted('0', { path: '/data/a' }), false)
    assert.equal((await engine.authorize(shownWith('1'), callOf('no_tool'))).uncounted, undefined)
    assert.equal((await engine.authorizePrincipal(principal, callOf('no_tool'))).uncounted, undefined)
  })

  test('to ask for another nonce is no denial', async () => {
    const { engine, log } = createEngineFixture()
    const { refusal } = await engine.authorize(shownWith('PROOF_NONCE'), callOf('read_file'))
    assert.equal(refusal?.reason, 'PROOF_NONCE')
    assert.deepEqual(log, [])
  })

  test('whoever has only the token cannot fill the session’s log', async () => {
    const { engine, log, world } = createEngineFixture()
    for (let call = 0; call < 100; call += 1) await engine.authorize(shownWith(''), callOf('read_file'))
    assert.equal(log.length, 10)
    world.now += 1000
    for (let call = 0; call < 100; call += 1) await engine.authorize(shownWith(''), callOf('read_file'))
    assert.equal(log.length, 11)
  })

  test('arguments that nobody can have signed are refused like a proof that does not hold', async () => {
    const { engine, log } = createEngineFixture()
    const { refusal } = await engine.authorize(shownWith('0'), callOf('read_file', { path: '\ud800' }))
    assert.equal(refusal?.reason, 'ARGUMENTS_INVALID')
    assert.deepEqual(
      log.map(({ name, value }) => [name, 'reason' in value && value.reason]),
      [['InvocationDenied', 'PROOF_INVALID']],
    )
  })

  test('the proof stands in the record of its call, and its number in the record of a refusal', async () => {
    const { engine, log } = createEngineFixture()
    await engine.authorize(shownWith('7'), callOf('read_file'))
    await engine.authorize(shownWith('8'), callOf('no_tool'))
    assert.deepEqual(
      log.map(({ value }) => ('proofSequence' in value ? value.proofSequence : undefined)),
      [7, 8],
    )
    const [attempted] = log
    assert.ok(attempted?.name === 'InvocationAttempted')
    assert.equal(attempted.value.proof, '7')
  })

  test('a session that is played from a recording has no proof', async () => {
    const { engine, log } = createEngineFixture()
    const answer = await engine.authorizePrincipal(principal, callOf('read_file'))
    assert.deepEqual([answer.verdict, answer.downstreamToken], ['forward', undefined])
    const [attempted] = log
    assert.ok(attempted?.name === 'InvocationAttempted')
    assert.deepEqual([attempted.value.proof, attempted.value.proofSequence], [null, null])
  })
})

describe('what goes to the tool server', () => {
  const downstreamOf = (token: string | undefined): unknown => JSON.parse(token ?? 'null')

  test('a forwarded call has a token for its tool and arguments, a refused one has none', async () => {
    const { engine } = createEngineFixture()
    const { downstreamToken } = await engine.authorize(
      shownWith('0'),
      callOf('read_file', { path: '/data/a' }),
    )
    const call = { method: 'tools/call', tool: 'read_file', argumentsDigest: digest }
    assert.deepEqual(downstreamOf(downstreamToken), call)
    assert.equal((await engine.authorize(shownWith('1'), callOf('no_tool'))).downstreamToken, undefined)
  })

  test('an admitted request has a token for its method and what it says, but nobody is admitted to a call', async () => {
    const { engine } = createEngineFixture()
    const message = { method: 'tools/list', contentDigest: other }
    const admitted = await engine.admit(shownWith('0'), { server: 'files', ...message })
    assert.deepEqual(downstreamOf(admitted.downstreamToken), message)
    const stream = await engine.admit({ ...shownWith('1'), htm: 'GET' }, { server: 'files', method: 'GET' })
    assert.deepEqual(downstreamOf(stream.downstreamToken), { method: 'GET' })
    for (const method of ['tools/call', 'resources/read', 'prompts/get']) {
      const { refusal, downstreamToken } = await engine.admit(shownWith('1'), saying(method))
      assert.deepEqual([refusal?.reason, downstreamToken], ['ARGUMENTS_INVALID', undefined])
    }
  })

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
    engine.recordOutcome({
      type: 'outcome',
      invocationId,
      outcome: 'ok',
      resultBytes: 0,
      resultDigest: '00'.repeat(32),
      entities: [],
      entitiesOverflow: false,
      wording: '',
    })
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
    const task = { ...callOf('read_file', { path: '/data/a' }), restDigest: other }
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
})

describe('the kill switch', () => {
  test('stops calls and requests of a token that is not expired, and each stop is on record', async () => {
    const { engine, call, log, world } = createEngineFixture()
    world.isRevoked = () => true
    assert.equal((await call('watch')).refusal?.reason, 'REVOKED')
    assert.equal((await engine.admit(shownWith('1'), saying('tools/list'))).refusal?.reason, 'REVOKED')
    assert.deepEqual(namesOf(log), ['InvocationDenied'])
    for (let turn = 0; turn < 50; turn += 1) await call('watch')
    assert.ok(log.length <= 10)
  })

  test('of one tool stops what is under way of it, at its own server, and says why', async () => {
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

  test('of one tool leaves the others alone', async () => {
    const { call, world } = createEngineFixture()
    world.isRevoked = tool => tool === 'touch'
    assert.equal((await call('touch')).refusal?.reason, 'REVOKED')
    assert.equal((await call('read_file')).verdict, 'forward')
  })
})
