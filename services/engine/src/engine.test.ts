import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { OutcomeReport } from '@cordon/engine-socket'
import type { InvocationId } from '@cordon/foundation'

import { callOf, createEngineFixture, namesOf, saying, shownWith } from './engine-fixture.ts'
import { fakeExtraction } from './extraction-fixture.ts'
import { decisionOf, principal, sessionId, startAt } from './session-fixture.ts'

describe('who calls', () => {
  test('rejects a call without, with a foreign, and with another server’s token, and records nothing', async () => {
    const { engine, log } = createEngineFixture()
    for (const [token, server, reason] of [
      ['', 'files', 'TOKEN_MISSING'],
      ['forged', 'files', 'TOKEN_INVALID'],
      ['valid', 'mail', 'TOKEN_AUDIENCE'],
    ] as const) {
      const answer = await engine.authorize(shownWith('0', token), { ...callOf('read_file'), server })
      assert.deepEqual(
        [answer.verdict, answer.refusal?.reason, answer.sessionId],
        ['deny', reason, undefined],
      )
      assert.equal(
        (await engine.admit(shownWith('0', token), saying('tools/list', {}, server))).refusal?.reason,
        reason,
      )
    }
    assert.deepEqual(log, [])
  })

  test('waits for a token’s verification where its key has to be fetched', async () => {
    const { engine } = createEngineFixture({
      tokens: { verify: () => Promise.resolve({ ok: true, token: principal }) },
    })
    assert.equal((await engine.authorize(shownWith('0'), callOf('read_file'))).verdict, 'forward')
  })

  test('denies everything without a bundle', async () => {
    const { engine, call, world } = createEngineFixture()
    world.bundle = undefined
    assert.equal((await call('read_file')).refusal?.reason, 'BUNDLE_MISSING')
    assert.equal((await engine.admit(shownWith('0'), saying('tools/list'))).refusal?.reason, 'BUNDLE_MISSING')
  })

  test('denies a session that is not known', async () => {
    const { engine, call, world, log } = createEngineFixture()
    world.decision = undefined
    const answer = await call('read_file')
    assert.deepEqual([answer.verdict, answer.refusal?.reason], ['deny', 'SESSION_UNKNOWN'])
    assert.equal(
      (await engine.admit(shownWith('0'), saying('tools/list'))).refusal?.reason,
      'SESSION_UNKNOWN',
    )
    assert.deepEqual(log, [])
  })

  test('lets a session in, unless it is suspended or over', async () => {
    const { engine, world } = createEngineFixture()
    const admitted: Record<string, boolean> = {}
    for (const standing of ['trusted', 'verify', 'read_only', 'suspended', 'ended', 'unknown'] as const) {
      world.decision = decisionOf(standing)
      admitted[standing] = (await engine.admit(shownWith('0'), saying('tools/list'))).admitted
    }
    assert.deepEqual(admitted, {
      trusted: true,
      verify: true,
      read_only: true,
      suspended: false,
      ended: false,
      unknown: false,
    })
  })
})

describe('what a call is', () => {
  test('forwards and records an ordinary call', async () => {
    const { call, log } = createEngineFixture()
    const answer = await call('read_file', { path: '/data/a' })
    assert.equal(answer.verdict, 'forward')
    assert.deepEqual(log, [
      {
        name: 'InvocationAttempted',
        value: {
          sessionId,
          invocationId: answer.invocationId,
          sequence: 0,
          attemptedAt: startAt,
          engineId: 'engine-a',
          server: 'files',
          tool: 'files/read_file',
          mode: 'enforce',
          readOnly: true,
          sensitivity: 1,
          resources: [{ kind: 'path', name: '/data/a' }],
          entities: [],
          entitiesOverflow: false,
          parameters: [
            {
              name: 'path',
              value: fakeExtraction.parameterFingerprint('path', '/data/a'),
              wording: fakeExtraction.valueWording('/data/a'),
            },
          ],
          argumentsBytes: 18,
          argumentsShape: 1,
          argumentsDigest: fakeExtraction.digest('{"path":"/data/a"}'),
          tokenId: 'token-1',
          bundleVersion: 7,
          proof: '0',
          proofSequence: 0,
          drift: 'none',
        },
      },
    ])
  })

  test('a tool that is not in the catalogue, or arguments too long: the denial alone is on record', async () => {
    const { call, log } = createEngineFixture()
    assert.equal((await call('unlisted')).refusal?.reason, 'TOOL_UNKNOWN')
    const long = { path: 'a'.repeat(1024 * 1024) }
    assert.equal((await call('read_file', long)).refusal?.reason, 'ARGUMENTS_INVALID')
    assert.deepEqual(namesOf(log), ['InvocationDenied', 'InvocationDenied'])
  })

  test('reaching for a tool that was not granted is an attempt, and denied', async () => {
    const { call, log } = createEngineFixture()
    const answer = await call('format_disk')
    assert.equal(answer.refusal?.reason, 'TOOL_NOT_GRANTED')
    assert.deepEqual(namesOf(log), ['InvocationAttempted', 'InvocationDenied'])
    assert.deepEqual(
      log.map(({ value }) => value.invocationId),
      [answer.invocationId, answer.invocationId],
    )
  })

  test('counts the attempts of a session, refused ones too', async () => {
    const { call, log } = createEngineFixture()
    await call('read_file')
    await call('format_disk')
    await call('read_file')
    const sequences = log.flatMap(({ name, value }) =>
      name === 'InvocationAttempted' ? [value.sequence] : [],
    )
    assert.deepEqual(sequences, [0, 1, 2])
  })
})

describe('how it ended', () => {
  const reportOf = (invocationId: InvocationId, change: Partial<OutcomeReport> = {}): OutcomeReport => ({
    type: 'outcome',
    invocationId,
    outcome: 'ok',
    resultBytes: 2 ** 40,
    resultDigest: 'ab'.repeat(32),
    entities: [{ kind: 'email', value: 'eve@evil.example' }],
    entitiesOverflow: false,
    wording: 'AQI=',
    ...change,
  })

  test('records the outcome with fingerprints, once', async () => {
    const { engine, call, log, unattributed, world } = createEngineFixture()
    const { invocationId } = await call('read_file')
    world.now = startAt + 40
    engine.recordOutcome(reportOf(invocationId!))
    engine.recordOutcome(reportOf(invocationId!))
    assert.deepEqual(log.slice(1), [
      {
        name: 'InvocationCompleted',
        value: {
          sessionId,
          invocationId,
          completedAt: startAt + 40,
          tool: 'files/read_file',
          outcome: 'ok',
          resultBytes: 2 ** 31 - 1,
          resultDigest: Buffer.alloc(32, 0xab),
          entities: [
            {
              kind: 'email',
              fingerprint: fakeExtraction.fingerprint('email', 'eve@evil.example'),
              target: false,
            },
          ],
          entitiesOverflow: false,
          entitiesLost: false,
          wording: Buffer.of(1, 2),
          repeats: 0,
          repeatedBytes: 0,
        },
      },
    ])
    assert.deepEqual(unattributed, [invocationId])
  })

  test('more entities than a record holds are an overflow, and in its wording', async () => {
    const { engine, call, log } = createEngineFixture()
    const { invocationId } = await call('read_file')
    const entities = Array.from({ length: 65 }, (_, index) => ({
      kind: 'email' as const,
      value: `${index}@a`,
    }))
    engine.recordOutcome(reportOf(invocationId!, { entities }))
    const completed = log[1]
    assert.ok(completed?.name === 'InvocationCompleted')
    const { entities: held, entitiesOverflow, entitiesLost, wording } = completed.value
    assert.deepEqual([held.length, entitiesOverflow, entitiesLost], [64, true, false])
    // What the fake makes of the one that is left over.
    assert.deepEqual(wording, Buffer.of(1, 2, 7))
  })

  test('a call that was refused has no outcome', async () => {
    const { engine, call, unattributed } = createEngineFixture()
    const { invocationId } = await call('format_disk')
    engine.recordOutcome(reportOf(invocationId!))
    assert.deepEqual(unattributed, [invocationId])
  })
})

test('a recorded session takes the same way from its principal on, in recorded time', async () => {
  const { engine, world, log } = createEngineFixture({
    tokens: { verify: () => ({ ok: false, reason: 'TOKEN_ABSENT' }) },
  })
  world.now = startAt - 86_400_000
  const answer = await engine.authorizePrincipal(principal, callOf('read_file'))
  assert.equal(answer.verdict, 'forward')
  const [attempted] = log
  assert.ok(attempted?.name === 'InvocationAttempted')
  assert.equal(attempted.value.attemptedAt, startAt - 86_400_000)
})
