import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { Standing } from '@cordon/schemas'

import { callOf, createEngineFixture, namesOf, shownWith } from './engine-fixture.ts'
import { bundle, decisionOf, sessionId, startAt, verdictOf } from './session-fixture.ts'

describe('what the session may still do', () => {
  const tools = ['read_file', 'write_file', 'watch', 'send_mail'] as const
  const expected: Readonly<Record<Standing, readonly string[]>> = {
    trusted: ['forward', 'forward', 'forward', 'forward'],
    verify: ['forward', 'hold STEP_UP_REQUIRED', 'forward', 'hold STEP_UP_REQUIRED'],
    read_only: ['forward', 'deny SESSION_READ_ONLY', 'forward', 'deny SESSION_READ_ONLY'],
    suspended: tools.map(() => 'deny SESSION_SUSPENDED'),
    ended: tools.map(() => 'deny SESSION_ENDED'),
    unknown: tools.map(() => 'deny SESSION_SUSPENDED'),
  }

  for (const standing of Object.keys(expected) as Standing[]) {
    test(`${standing}: ${tools.join(', ')}`, async () => {
      const { call, world } = createEngineFixture()
      world.decision = decisionOf(standing)
      const answers = []
      for (const tool of tools) {
        const { verdict, refusal } = await call(tool)
        answers.push(refusal === undefined ? verdict : `${verdict} ${refusal.reason}`)
      }
      assert.deepEqual(answers, expected[standing])
    })
  }

  test('says that step-up does not exist yet', async () => {
    const { call, world } = createEngineFixture()
    world.decision = decisionOf('verify')
    assert.match(
      (await call('write_file')).refusal?.message ?? '',
      /approval of its human.*does not exist yet/,
    )
  })

  test('a refused attempt is behaviour: it is recorded, then its denial with the standing', async () => {
    const { call, world, log } = createEngineFixture()
    world.decision = decisionOf('suspended')
    world.now = startAt + 1
    const { invocationId } = await call('write_file')
    assert.deepEqual(namesOf(log), ['InvocationAttempted', 'InvocationDenied'])
    assert.deepEqual(log[1]?.value, {
      sessionId,
      invocationId,
      deniedAt: startAt + 1,
      tool: 'files/write_file',
      verdict: 'deny',
      reason: 'SESSION_SUSPENDED',
      standing: 'suspended',
      proofSequence: 0,
    })
  })

  test('a session so new that its first decision is still on its way is waited for', async () => {
    const { call, world } = createEngineFixture()
    world.decision = undefined
    assert.equal((await call('read_file')).refusal?.reason, 'SESSION_UNKNOWN')
    world.arrivingDecision = decisionOf('trusted')
    assert.equal((await call('read_file')).verdict, 'forward')
    world.decision = undefined
    world.now = startAt + 60_000
    assert.equal(
      (await call('read_file')).refusal?.reason,
      'SESSION_UNKNOWN',
      'but not one that was opened long ago',
    )
  })

  test('stale decisions deny what is sensitive, or everything, as the bundle says', async () => {
    const { call, world } = createEngineFixture()
    world.stalenessMs = 5000
    assert.equal((await call('write_file')).verdict, 'forward')
    world.stalenessMs = 5001
    assert.equal((await call('write_file')).refusal?.reason, 'SESSION_STALE')
    assert.equal((await call('watch')).refusal?.reason, 'SESSION_STALE')
    assert.equal((await call('read_file')).verdict, 'forward')
    world.bundle = { ...bundle, failSafe: { ...bundle.failSafe, whenStale: 'deny-all' } }
    assert.equal((await call('read_file')).refusal?.reason, 'SESSION_STALE')
  })

  test('above its rate: denied before anything is looked at, and on record ten times and once a second', async () => {
    const { call, world, log } = createEngineFixture()
    world.bundle = { ...bundle, rateLimit: { callsPerSecond: 1, burst: 1 } }
    assert.equal((await call('read_file')).verdict, 'forward')
    const limited = await call('read_file')
    assert.equal(limited.refusal?.reason, 'RATE_LIMITED')
    assert.match(limited.refusal.message, /at most 1 calls a second of one session, 1 at once, got more/)
    for (let turn = 1; turn < 10; turn += 1) assert.ok((await call('read_file')).invocationId)
    const untold = await call('read_file')
    assert.deepEqual([untold.refusal?.reason, untold.invocationId], ['RATE_LIMITED', undefined])
    world.now += 1000
    assert.equal((await call('read_file')).verdict, 'forward')
    assert.equal((await call('read_file')).refusal?.reason, 'RATE_LIMITED')
    const denied = namesOf(log).filter(name => name === 'InvocationDenied')
    assert.deepEqual([log.length, denied.length], [13, 11])
  })

  test('answers within a call are stopped as a sensitive call is, though the call is a low read', async () => {
    const { engine, world } = createEngineFixture()
    let number = 0
    const read = async (hasAnswers: boolean): Promise<string> => {
      const call = { ...callOf('read_file', { path: '/data/a' }), hasAnswers }
      const { refusal } = await engine.authorize(shownWith(String((number += 1))), call)
      return refusal?.reason ?? 'forward'
    }
    const both = async (): Promise<readonly string[]> => [await read(true), await read(false)]
    assert.deepEqual(await both(), ['forward', 'forward'])
    world.decision = decisionOf('verify', { version: 11 })
    assert.deepEqual(await both(), ['STEP_UP_REQUIRED', 'forward'])
    world.decision = decisionOf('read_only', { version: 12 })
    assert.deepEqual(await both(), ['SESSION_READ_ONLY', 'forward'])
    world.decision = decisionOf('trusted', { version: 13 })
    world.stalenessMs = 5001
    assert.deepEqual(await both(), ['SESSION_STALE', 'forward'])
  })

  test('a suspension that is held is the reason, however old', async () => {
    const { call, world } = createEngineFixture()
    world.decision = decisionOf('suspended')
    world.stalenessMs = Number.POSITIVE_INFINITY
    assert.equal((await call('write_file')).refusal?.reason, 'SESSION_SUSPENDED')
  })
})

describe('on record before it is forwarded', () => {
  const expected = {
    working: { read_file: 'forward', write_file: 'forward', watch: 'forward', send_mail: 'forward' },
    full: { read_file: 'forward', write_file: 'deny', watch: 'deny', send_mail: 'deny' },
    failing: { read_file: 'forward', write_file: 'deny', watch: 'forward', send_mail: 'deny' },
    silent: { read_file: 'forward', write_file: 'deny', watch: 'forward', send_mail: 'deny' },
  } as const

  for (const [recording, verdicts] of Object.entries(expected)) {
    test(`recording is ${recording}`, async () => {
      const { call, world } = createEngineFixture()
      world.recording = recording as keyof typeof expected
      for (const [tool, verdict] of Object.entries(verdicts)) {
        const answer = await call(tool)
        assert.equal(answer.verdict, verdict, tool)
        if (verdict === 'deny') assert.equal(answer.refusal?.reason, 'RECORDING_FAILED')
      }
    })
  }

  for (const whenUnrecorded of ['deny-sensitive', 'deny-all'] as const) {
    for (const recording of ['working', 'full'] as const) {
      test(`what no log could take is not forwarded: ${whenUnrecorded}, recording is ${recording}`, async () => {
        const { engine, log, world } = createEngineFixture()
        world.bundle = { ...bundle, failSafe: { ...bundle.failSafe, whenUnrecorded } }
        for (const tool of ['read_file', 'write_file', 'watch', 'send_mail']) {
          world.recording = recording
          // Of a verifier that lets every number pass; Avro's `long` in JavaScript ends one below it.
          const unwritable = shownWith(String(Number.MAX_SAFE_INTEGER))
          const { verdict, refusal } = await engine.authorize(unwritable, callOf(tool))
          assert.deepEqual([verdict, refusal?.reason], ['deny', 'RECORD_UNWRITABLE'], tool)
        }
        assert.deepEqual(namesOf(log), [])
      })
    }
  }

  test('the denial of what no log could take is on record by itself', async () => {
    const { call, log, world } = createEngineFixture()
    world.bundle = { ...bundle, version: Number.MAX_SAFE_INTEGER }
    assert.equal((await call('read_file')).refusal?.reason, 'RECORD_UNWRITABLE')
    assert.deepEqual(namesOf(log), ['InvocationDenied'])
  })

  test('an attempt that may yet be acknowledged is not recorded twice', async () => {
    const { call, world, log } = createEngineFixture()
    world.recording = 'silent'
    await call('write_file')
    assert.deepEqual(namesOf(log), ['InvocationAttempted', 'InvocationDenied'])
  })

  test('an attempt that found no room leaves a gap in the sequence', async () => {
    const { call, world, log } = createEngineFixture()
    world.recording = 'full'
    const unrecorded = await call('read_file')
    assert.deepEqual([unrecorded.verdict, unrecorded.invocationId], ['forward', undefined])
    world.recording = 'working'
    await call('read_file')
    assert.deepEqual(
      log.map(({ value }) => 'sequence' in value && value.sequence),
      [1],
    )
  })
})

describe('the gate', () => {
  test('forwards, denies or holds as the scorer says, and records what was refused', async () => {
    const { call, world, log } = createEngineFixture()
    const answers = []
    for (const gate of ['forward', 'deny', 'hold', 'silent'] as const) {
      world.gate = gate
      const { verdict, refusal } = await call('send_mail', { to: 'a@b.c' })
      answers.push([verdict, refusal?.reason])
    }
    assert.deepEqual(answers, [
      ['forward', undefined],
      ['deny', 'GATE_REFUSED'],
      ['hold', 'GATE_REFUSED'],
      ['deny', 'GATE_TIMEOUT'],
    ])
    assert.deepEqual(namesOf(log), [
      'InvocationAttempted',
      ...Array.from({ length: 3 }, () => ['InvocationAttempted', 'InvocationDenied']).flat(),
    ])
  })

  test('is asked before the attempt is published, with the bundle’s limit', async () => {
    const order: string[] = []
    const { call } = createEngineFixture({
      gateVerdicts: {
        expect(_sessionId, _invocationId, limitMs) {
          order.push(`expect ${limitMs}`)
          return { arrived: Promise.resolve(undefined), abandon: () => undefined }
        },
      },
      sessionLog: {
        append(_sessionId, [record]) {
          order.push(record!.name)
          return { onRecord: () => Promise.resolve(true) }
        },
      },
    })
    await call('send_mail')
    assert.deepEqual(order, ['expect 250', 'InvocationAttempted', 'InvocationDenied'])
  })

  test('a decision that overtakes a waiting call refuses it', async () => {
    const { call, world, log } = createEngineFixture({
      gateVerdicts: {
        expect: (_sessionId, invocationId) => ({
          arrived: Promise.resolve().then(() => {
            world.decision = decisionOf('suspended', { version: 11 })
            return verdictOf(invocationId, 'forward')
          }),
          abandon: () => undefined,
        }),
      },
    })
    assert.equal((await call('send_mail')).refusal?.reason, 'SESSION_SUSPENDED')
    const [, denied] = log
    assert.ok(denied?.name === 'InvocationDenied')
    assert.equal(denied.value.standing, 'suspended')
  })

  test('what was revoked while a call waited is not forwarded', async () => {
    const { call, world } = createEngineFixture()
    world.whileWaiting = () => {
      world.isRevoked = tool => tool === 'send_mail'
    }
    assert.equal((await call('send_mail')).refusal?.reason, 'REVOKED')
  })

  test('a token that expires while its call waits is not good any more', async () => {
    const { call, world } = createEngineFixture()
    world.whileWaiting = () => {
      world.now = startAt + 300_000
    }
    assert.equal((await call('send_mail')).refusal?.reason, 'TOKEN_EXPIRED')
  })

  test('nobody waits any more for the verdict on a call that could not be recorded', async () => {
    let abandoned = 0
    const { call, world } = createEngineFixture({
      gateVerdicts: {
        expect: () => ({ arrived: new Promise(() => undefined), abandon: () => (abandoned += 1) }),
      },
    })
    for (const recording of ['full', 'failing', 'silent'] as const) {
      world.recording = recording
      await call('send_mail')
    }
    world.bundle = { ...bundle, version: Number.MAX_SAFE_INTEGER }
    await call('send_mail')
    assert.equal(abandoned, 4)
  })
})
