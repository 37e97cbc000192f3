import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createDecisionVerifier, openDecisionSigner, type DecisionSigner } from '@cordon/decisions'
import { Assessment, type SessionEncoding } from '@cordon/risk'
import type { Standing } from '@cordon/schemas'
import { createLocalSerde } from '@cordon/serde'

import {
  forgetAfterMs,
  openDrivenScorer,
  testSigner,
  untaughtKernel,
  type DrivenScorer,
} from '../fixtures/driven-scorer.ts'
import { ended, opened } from '../fixtures/session-events.ts'
import { isSession } from './scorer-state.ts'
import type { SessionEntry } from './session-entry.ts'
import { createSessionProcessor } from './session-processor.ts'
import { createStandingSigner } from './standing-signer.ts'

const one = '0.00000000-0000-4000-8000-000000000001'
const garbage = Buffer.from('no record')
const verifier = createDecisionVerifier([testSigner.key])

/** What each decision says: standing, its own version, the version from which the standing holds. */
const told = (scorer: DrivenScorer): readonly (readonly [Standing, number, number])[] =>
  scorer
    .published('session-decisions', 'SessionDecision')
    .map(({ standing, version, standingVersion }) => [standing, version, standingVersion])

/** Opens a session, then raises its risk by 2 nats each time: `verify` at 3, `read_only` at 6, `suspended` at 9. */
const raise = async (scorer: DrivenScorer, times: number): Promise<void> => {
  if (scorer.driver.state(one) === undefined) await scorer.write(opened(one, scorer.driver.now))
  for (let turn = 0; turn < times; turn += 1) await scorer.writeBytes(one, garbage)
}

test('each standing is signed once; bands repeat what was signed', async () => {
  const scorer = await openDrivenScorer()
  await raise(scorer, 5)
  await scorer.write(ended(one, scorer.driver.now))
  assert.deepEqual(told(scorer), [
    ['trusted', 0, 0],
    ['verify', 2, 2],
    ['read_only', 3, 3],
    ['read_only', 4, 3],
    ['suspended', 5, 5],
    ['ended', 6, 6],
  ])
  for (const decision of scorer.published('session-decisions', 'SessionDecision'))
    assert.ok(verifier.verifyStanding(decision))
})

/** A session in the state that version 1 wrote, recorded from that version: `verify`, after two records that nobody could read. */
const versionOne =
  'AQVhZ2VudAdhbmFseXN0AgAAgKptt3lCAACAqm23eUIAAwEBAAAAsIPzYQEAAAAAAICqbbd5QgAAAAAAAPA/AAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABBAAAAAAAEKZmlsZXMvcmVhZLCD82EBAAFjgAyvAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGiFqhPedclQwAAAAADAQAAAAAqJXKYAAAAAAAA8D8BAAAAAAAAAQAFAAAAAf//////DQAAAAAAAABAAAAAAAAAAAAAAAAAAP8A/wA='

const recordOf = (state: Buffer): Buffer =>
  createLocalSerde().encode('scorer-state', 'SessionState', {
    human: 'ada',
    encoding: state[0]!,
    state,
    standingVersion: -1,
    keyId: '',
    draft: Buffer.alloc(0),
    signature: Buffer.alloc(0),
  })

const processorOf = (stateVersion: SessionEncoding, signer: DecisionSigner = testSigner) =>
  createSessionProcessor({
    kernel: untaughtKernel(),
    codec: createLocalSerde(),
    bundleVersion: 7,
    forgetAfterMs,
    signer,
    stateVersion,
  })

const decoded = (state: string): SessionEntry => {
  const entry = processorOf(2).decodeState(recordOf(Buffer.from(state, 'base64')))
  assert.ok(isSession(entry))
  return entry
}

test('a state of the last version is read: the standing is kept, and signed with the next decision', () => {
  const entry = decoded(versionOne)
  assert.deepEqual([entry.session.standing, entry.session.calls, entry.signed], ['verify', 1, undefined])
  assert.ok(createStandingSigner(testSigner, true).isOwed(entry))
})

test('told to write an older version, a scorer writes what is read as the same session', () => {
  const recorded = recordOf(Buffer.from(versionOne, 'base64'))
  for (const version of [1, 2, 3, 4] as const) {
    const processor = processorOf(version)
    const written = processor.encodeState(processor.decodeState(recorded))
    assert.deepEqual(processor.decodeState(written), processor.decodeState(recorded))
  }
})

/**
 * @input a session's state in a version that this scorer does not know
 * @behaviour the scorer refuses the partition and changes nothing in it: `expected encoding 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, got 12`
 * @counter none: nothing is decided anew
 */
test('rejects a state of a later version instead of misreading it', () => {
  const later = Buffer.from(versionOne, 'base64')
  later[0] = 12
  assert.throws(() => processorOf(3).decodeState(recordOf(later)), {
    message: /expected encoding 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, got 12/,
  })
})

test('told to write the last version, a scorer signs each decision anew, and what it says is the same', async () => {
  const older = await openDrivenScorer({ stateVersion: 1 })
  await raise(older, 5)
  const newer = await openDrivenScorer()
  await raise(newer, 5)
  const standingsOf = (scorer: DrivenScorer) => told(scorer).map(([standing, version]) => [standing, version])
  assert.deepEqual(standingsOf(older), standingsOf(newer))
  for (const decision of older.published('session-decisions', 'SessionDecision'))
    assert.ok(verifier.verifyStanding(decision))
})

test('after another key took over, a session is owed a decision until that key has signed', () => {
  const entry = decoded(versionOne)
  const sign = (key: number) => createStandingSigner(openDecisionSigner(Buffer.alloc(32, key)), true)
  const assessment = new Assessment(entry.session, 40, 0, 'deny', 'band', 0, 0, 'bundle')
  const at = (offset: bigint) => ({ partition: 0, offset, sessionId: one, at: 5, invocationId: null })
  const signed = sign(1).sign(entry, assessment, at(9n))
  assert.deepEqual(sign(1).sign({ ...entry, signed }, assessment, at(11n)), signed)
  assert.equal(sign(2).isOwed({ ...entry, signed }), true)
  assert.equal(sign(2).sign({ ...entry, signed }, assessment, at(12n)).standingVersion, 12)
})
