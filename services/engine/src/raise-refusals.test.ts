import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseSessionId, type SessionId } from '@cordon/foundation'
import type { SecuritySignal } from '@cordon/schemas'

import { decisionOf, principal, startAt } from './session-fixture.ts'
import type { Refused } from './open-engine-ports.ts'
import { raiseRefusals } from './raise-refusals.ts'

const open = () => {
  const raised: SecuritySignal[] = []
  const signals = {
    raise(signal: SecuritySignal) {
      raised.push(signal)
      return Promise.resolve()
    },
  }
  const told = raiseRefusals(signals, { now: () => startAt })
  return { raised, told, raise: (refused: Refused) => told.decisionRefused(refused) }
}

const numbered = (number: number): SessionId =>
  parseSessionId(`3.01890a5d-ac96-774b-bcce-${String(number).padStart(12, '0')}`)
const decision = decisionOf('trusted', { version: 4 })
const replayed: Refused = { cause: 'replayed', decision, standing: 'suspended', isLive: true }

test('a replayed and a forged decision are signals that say what was expected and got', () => {
  const { raised, raise } = open()
  raise(replayed)
  raise({ ...replayed, cause: 'forged', decision: { ...decision, signature: Buffer.alloc(0) } })
  assert.deepEqual(
    raised.map(({ kind, signalId, standing }) => [kind, signalId, standing]),
    [
      ['decision_replayed', `${decision.sessionId}/4/decision_replayed`, 'suspended'],
      ['decision_forged', `${decision.sessionId}/4/decision_forged`, 'suspended'],
    ],
  )
  assert.deepEqual(
    raised.map(({ contributions }) => contributions[0]?.fact),
    [
      'a decision "trusted": expected a later standing than "suspended", got one of before',
      'a decision "trusted": expected a signature by a key of the bundle, got none',
    ],
  )
})

test('a flood of forgeries is no flood of signals', () => {
  const { raised, raise } = open()
  for (let turn = 0; turn < 50; turn += 1) raise(replayed)
  assert.equal(raised.length, 1)
  for (let number = 0; number < 500; number += 1)
    raise({ ...replayed, decision: { ...decision, sessionId: `3.${number}` } })
  assert.equal(raised.length, 100)
})

test('what stands in the topic is no news at each start, and a beat is no session’s', () => {
  const { raised, raise } = open()
  raise({ ...replayed, isLive: false })
  raise({ cause: 'beat_forged', decision: undefined, standing: 'unknown', isLive: true })
  assert.deepEqual(raised, [])
})

test('a forged verdict is a signal about the session whose call waits, and a flood of them is none', () => {
  const { raised, told } = open()
  const [one, another] = [numbered(0), numbered(1)]
  for (let turn = 0; turn < 500; turn += 1) told.verdictForged(one, 'verify')
  told.verdictForged(another, 'trusted')
  assert.deepEqual(
    raised.map(({ kind, signalId, standing, contributions }) => [
      kind,
      signalId,
      standing,
      contributions[0]?.fact,
    ]),
    [
      [one, 'verify'],
      [another, 'trusted'],
    ].map(([sessionId, standing]) => [
      'verdict_forged',
      `${sessionId}/${startAt}/verdict_forged`,
      standing,
      'a verdict on a call that waits: expected the signature of the scorer, got another or none',
    ]),
  )
  for (let number = 0; number < 500; number += 1) told.verdictForged(numbered(number), 'trusted')
  assert.equal(raised.length, 100)
})

test('a tool that drifted from its pin is a signal of each session that meets it, once in a while', () => {
  const { raised, told } = open()
  for (let turn = 0; turn < 3; turn += 1) {
    told.toolDrifted(principal, 'files/read')
    told.toolDrifted(principal, 'files/list')
    told.toolDrifted({ ...principal, sessionId: numbered(1) }, 'files/read')
  }
  assert.deepEqual(
    raised.map(({ kind, sessionId, contributions }) => [kind, sessionId, contributions[0]?.fact]),
    [
      [principal.sessionId, 'read'],
      [principal.sessionId, 'list'],
      [numbered(1), 'read'],
    ].map(([sessionId, tool]) => [
      'tool_drifted',
      sessionId,
      `the definition of files/${tool}: expected the one that the catalogue pins, got another`,
    ]),
  )
  assert.equal(new Set(raised.map(({ signalId }) => signalId)).size, 3)
})

test('a replayed proof and a forged revocation are signals, once in a while', () => {
  const { raised, told } = open()
  for (let turn = 0; turn < 3; turn += 1) {
    told.proofReplayed(principal, 'files')
    told.revocationRefused('forged', 'agent:support-agent', true)
    told.revocationRefused('replayed', 'everything:', false)
  }
  assert.deepEqual(
    raised.map(({ kind, sessionId, human, contributions }) => [
      kind,
      sessionId,
      human,
      contributions[0]?.fact,
    ]),
    [
      [
        'proof_replayed',
        principal.sessionId,
        'alice',
        'a proof for server files: expected one that was not used before, got one that was',
      ],
      [
        'revocation_forged',
        '',
        '',
        'a revocation of agent:support-agent: expected the signature of identity, got another or none',
      ],
    ],
  )
})
