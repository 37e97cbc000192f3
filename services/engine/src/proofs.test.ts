import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { callOf, createEngineFixture, downstreamOf, namesOf, saying, shownWith } from './engine-fixture.ts'
import { principal, sessionId } from './session-fixture.ts'

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

  test('of one tool leaves the others alone', async () => {
    const { call, world } = createEngineFixture()
    world.isRevoked = tool => tool === 'touch'
    assert.equal((await call('touch')).refusal?.reason, 'REVOKED')
    assert.equal((await call('read_file')).verdict, 'forward')
  })
})
