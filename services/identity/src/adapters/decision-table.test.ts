import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createDecisionVerifier, openDecisionSigner, type BeatClaim } from '@cordon/decisions'
import { makeSessionId, type SessionId } from '@cordon/foundation'
import type { SessionDecision, Standing } from '@cordon/schemas'
import type { DecodedRecord, LogRecord } from '@cordon/stream'

import { createDecisionTable } from './decision-table.ts'

const sessionId = makeSessionId(1, '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b')

const record = (key: string): LogRecord => ({
  topic: 'session-decisions',
  partition: 1,
  offset: 0n,
  timestamp: 0,
  key: Buffer.from(key),
  value: Buffer.alloc(0),
})

const signer = openDecisionSigner(Buffer.alloc(32, 1))
const verifier = createDecisionVerifier([signer.key])

const decision = (version: number, standing: Standing, id: SessionId = sessionId): DecodedRecord => ({
  name: 'SessionDecision',
  value: {
    sessionId: id,
    version,
    standing,
    score: 0,
    evidence: 0,
    contributions: [],
    decidedAt: 0,
    causedBy: null,
    baselineVersion: 1,
    baselineSessions: -1,
    thresholdBasis: 'bundle',
    bundleVersion: 1,
    standingVersion: version,
    ...signer.sign({ sessionId: id, standing, standingVersion: version }),
  },
})

const unsigned = { keyId: '', signature: Buffer.alloc(0) }

const beatOf = (beat: BeatClaim): DecodedRecord => ({
  name: 'Beat',
  value: { ...beat, ...signer.signBeat(beat) },
})

const createTable = (now = () => 1000) => createDecisionTable(2, { now }, verifier)

test('ignores a decision whose version is not above the held one', () => {
  const table = createTable()
  for (const [version, standing] of [
    [5, 'suspended'],
    [5, 'trusted'],
    [4, 'trusted'],
  ] as const)
    table.apply(record(sessionId), decision(version, standing))
  assert.equal(table.standing(sessionId), 'suspended')
})

test('counts open sessions per partition; an ended or forgotten one does not count', () => {
  const table = createTable()
  table.apply(record(sessionId), decision(1, 'trusted'))
  table.apply(record(sessionId), decision(2, 'read_only'))
  assert.deepEqual(
    [...table.load()],
    [
      [0, 0],
      [1, 1],
    ],
  )
  assert.deepEqual([...table.open()], [sessionId])
  table.apply(record(sessionId), decision(3, 'ended'))
  assert.equal(table.openCount, 0)
  table.apply(record(sessionId), null)
  assert.equal(table.openCount, 0)
  assert.equal(table.standing(sessionId), undefined)
})

test('a decision that cannot be read leaves the standing unknown, until one that can', () => {
  const table = createTable()
  table.apply(record(sessionId), undefined)
  assert.equal(table.standing(sessionId), undefined)
  table.apply(record(sessionId), decision(1, 'trusted'))
  table.apply(record(sessionId), undefined)
  assert.deepEqual([table.standing(sessionId), [...table.open()]], ['unknown', [sessionId]])
  table.apply(record(sessionId), decision(2, 'suspended'))
  assert.equal(table.standing(sessionId), 'suspended')
})

test('a beat shows that a scorer lives, and is no session', () => {
  let now = 1000
  const table = createTable(() => now)
  assert.equal(table.silence(1), Number.POSITIVE_INFINITY)
  table.apply(record('\0beat'), beatOf({ partition: 1, position: 3, beatAt: 5 }))
  now += 250
  assert.equal(table.silence(1), 250)
  assert.equal(table.openCount, 0)
})

test('a decision is awaited whether it comes before, after or never', async () => {
  const table = createTable()
  const later = table.expect(sessionId, 1000)
  table.apply(record(sessionId), decision(1, 'trusted'))
  assert.equal(await later.arrived, 'trusted')
  assert.equal(await table.expect(sessionId, 1000).arrived, 'trusted')
  const other = makeSessionId(1, '0192f3a0-5b7e-7c1d-8a2b-000000000000')
  assert.equal(await table.expect(other, 5).arrived, undefined)
  const abandoned = table.expect(other, 60_000)
  abandoned.abandon()
  assert.equal(await abandoned.arrived, undefined)
})

test('rejects what is not about its key and partition', () => {
  const table = createTable()
  table.apply(record(sessionId), decision(1, 'suspended'))
  const elsewhere = { ...record(sessionId), partition: 0 }
  const beat = beatOf({ partition: 0, position: 3, beatAt: 5 })
  const other = makeSessionId(1, '0192f3a0-5b7e-7c1d-8a2b-000000000000')
  assert.equal(table.apply(elsewhere, decision(2, 'trusted')), 'misplaced')
  assert.equal(table.apply(elsewhere, null), 'misplaced')
  assert.equal(table.apply(elsewhere, undefined), 'misplaced')
  assert.equal(table.apply(record(other), decision(2, 'trusted')), 'misplaced')
  assert.equal(table.apply(record('\0beat'), beat), 'misplaced')
  assert.equal(table.standing(sessionId), 'suspended')
  assert.equal(table.standing(other), undefined)
  assert.equal(table.silence(0), Number.POSITIVE_INFINITY)
})

test('rejects a forged or replayed decision, and a forged beat', () => {
  const table = createTable()
  const trusted = decision(1, 'trusted')
  table.apply(record(sessionId), trusted)
  table.apply(record(sessionId), decision(2, 'suspended'))
  const value = trusted.value as SessionDecision
  const forged: DecodedRecord = { name: 'SessionDecision', value: { ...value, standingVersion: 3 } }
  const replayed: DecodedRecord = { name: 'SessionDecision', value: { ...value, version: 3 } }
  assert.equal(table.apply(record(sessionId), forged), 'forged')
  assert.equal(table.apply(record(sessionId), replayed), 'replayed')
  assert.equal(table.standing(sessionId), 'suspended')
  const beat: DecodedRecord = { name: 'Beat', value: { ...unsigned, partition: 1, position: 3, beatAt: 5 } }
  assert.equal(table.apply(record('\0beat'), beat), 'beat_forged')
  assert.equal(table.silence(1), Number.POSITIVE_INFINITY)
})
