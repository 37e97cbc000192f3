import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { InvocationDenied } from '@cordon/schemas'

import { judged, newKernel, outcome, play } from '../test/play.ts'
import type { Call } from '../test/session-log.ts'
import { logStart, sessionLog } from '../test/session-log.ts'
import { copySession } from './session/copy-session.ts'
import { decodeSession } from './session/decode-session.ts'
import { encodeSession } from './session/encode-session.ts'
import { read } from '../test/usual-calls.ts'

describe('what should not be in a log', () => {
  test('missing attempts are noticed, per engine', () => {
    const noGap = judged(newKernel(), [
      read,
      { ...read, engineId: 'other', sequence: 0 },
      { ...read, sequence: 1 },
    ])
    assert.equal(noGap.gaps, 0)
    assert.equal(judged(newKernel(), [read, { ...read, sequence: 4 }]).gaps, 3)
  })

  test('a record that nobody can read raises the score', () => {
    const kernel = newKernel()
    const { session } = play(kernel, sessionLog({}, [read]))
    const [contribution] = kernel.undecodable(session, logStart + 20_000).contributions
    assert.deepEqual(contribution, {
      signal: 'integrity',
      nats: 2,
      fact: 'a record of this session could not be read',
    })
  })

  test('a replayed proof raises the score: somebody has what the agent sent', () => {
    const { contributions } = outcome(newKernel(), [read, { ...read, refused: 'PROOF_REPLAYED' }])
    assert.deepEqual(
      contributions.filter(({ signal }) => signal === 'integrity'),
      [
        {
          signal: 'integrity',
          nats: 3,
          fact: 'the proof of a call of fs/read came a second time: somebody has what the agent sent',
        },
      ],
    )
  })

  test('a call of a tool that changed under its session raises the score, and says which', () => {
    const says = (drift: Call['drift'] & string): unknown =>
      judged(newKernel(), [read, { ...read, drift }]).contributions.filter(
        ({ signal }) => signal === 'integrity',
      )
    assert.deepEqual(says('none'), [])
    assert.deepEqual(says('changed'), [
      {
        signal: 'integrity',
        nats: 3,
        fact: 'the definition of fs/read changed since this session was first shown it',
      },
    ])
    assert.deepEqual(says('unpinned'), [
      {
        signal: 'integrity',
        nats: 3,
        fact: 'the definition of fs/read is not the one that the catalogue pins',
      },
    ])
  })

  test('a new release of a tool server asks for approvals, and suspends nobody', () => {
    const calls = Array.from({ length: 500 }, (_, number): Call => ({
      ...read,
      tool: number % 2 === 0 ? 'fs/read' : 'fs/list',
      drift: 'changed',
      afterMs: 5_000,
    }))
    const { contributions, standing, evidence } = judged(newKernel(), calls)
    assert.equal(contributions.find(({ signal }) => signal === 'integrity')?.nats, 4)
    assert.equal(
      contributions.reduce((sum, { nats }) => sum + nats, 0),
      evidence,
    )
    assert.equal(standing, 'verify')
  })

  test('a scorer that knows no drift keeps its evidence, without the words for it', () => {
    const kernel = newKernel()
    const { session } = play(kernel, sessionLog({}, [{ ...read, drift: 'changed' }]))
    assert.deepEqual(encodeSession(copySession(session)), encodeSession(session))
    const older = decodeSession(encodeSession(session, 7))
    assert.equal(kernel.assess(older).evidence, kernel.assess(session).evidence)
    assert.doesNotMatch(JSON.stringify(kernel.assess(older).contributions), /definition/)
  })

  test('without the signal a tool that changed raises nothing', () => {
    const without = outcome(newKernel({ weights: { integrity: 0 } }), [{ ...read, drift: 'changed' }])
    assert.deepEqual(
      without.contributions.filter(({ signal }) => signal === 'integrity'),
      [],
    )
  })

  test('whoever replays one captured proof for hours asks for approvals, and suspends nobody', () => {
    const replays = Array.from({ length: 2_000 }, (): Call => ({
      ...read,
      refused: 'PROOF_REPLAYED',
      afterMs: 5_000,
    }))
    const { contributions, standing } = outcome(newKernel(), replays)
    assert.ok((contributions.find(({ signal }) => signal === 'integrity')?.nats ?? 0) <= 4)
    assert.equal(standing, 'verify')
  })

  test('proofs that do not hold raise nothing, however many a stranger sends', () => {
    for (const reason of ['PROOF_INVALID', 'PROOF_MISSING', 'TOKEN_INVALID']) {
      const kernel = newKernel()
      const { session } = play(kernel, sessionLog({}, [read]))
      const { evidence } = kernel.assess(session)
      for (let junk = 0; junk < 500; junk += 1) kernel.deny(session, denial(reason, junk), logStart + 20_000)
      assert.ok(kernel.assess(session).evidence <= evidence, reason)
      kernel.deny(session, denial('PROOF_REPLAYED', 500), logStart + 20_000)
      assert.ok(kernel.assess(session).evidence > evidence + 2)
    }
  })
})

const denial = (reason: string, number: number): InvocationDenied => ({
  sessionId: '0.one',
  invocationId: `junk ${number}`,
  deniedAt: logStart,
  tool: 'fs/read',
  verdict: 'deny',
  reason,
  standing: 'trusted',
  proofSequence: null,
})
