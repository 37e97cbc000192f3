import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { createDecisionVerifier, openDecisionSigner } from '@cordon/decisions'
import { parseSessionId } from '@cordon/foundation'
import type { Beat, SessionDecision } from '@cordon/schemas'

import { beatOf as signedBeat, decisionOf, sessionId } from '../session-fixture.ts'
import { at, decided, openTable, tombstone, unreadable } from '../decision-table-fixture.ts'
import type { TableRecord } from './decision-table.ts'
import { createDecisionTable } from './decision-table.ts'

describe('who may write the topic, and has no key', () => {
  const liar = openDecisionSigner(Buffer.alloc(32, 66))
  const other = parseSessionId('3.0197b1a0-0000-7000-8000-000000000009')
  const of = (decision: SessionDecision): TableRecord => ({ type: 'decision', decision })
  const suspended = decisionOf('suspended', { version: 9 })

  test('rejects a forged standing: of another key, of another session, changed, or not signed', () => {
    const trusted = { ...suspended, standing: 'trusted', version: 99, standingVersion: 99 } as const
    const forgeries: readonly SessionDecision[] = [
      trusted,
      { ...trusted, ...liar.sign(trusted) },
      { ...trusted, ...liar.sign(trusted), keyId: suspended.keyId },
      { ...trusted, keyId: '', signature: Buffer.alloc(0) },
      { ...decisionOf('trusted', { sessionId: other, version: 99 }), sessionId },
      { ...suspended, standingVersion: 99 },
    ]
    const { apply, held } = openTable()
    for (const forgery of forgeries) assert.equal(apply(of(forgery)), 'forged')
    assert.equal(held(), undefined, 'nor may it be the first')
    apply(of(suspended))
    for (const forgery of forgeries) assert.equal(apply(of(forgery)), 'forged')
    assert.equal(held(), 'suspended 9')
  })

  test('rejects a replayed standing, also under a version of the future', () => {
    const trusted = decisionOf('trusted', { version: 4 })
    const { apply, held } = openTable()
    apply(of(trusted))
    apply(of(suspended))
    for (const version of [4, 5, 10, Number.MAX_SAFE_INTEGER])
      assert.equal(apply(of({ ...trusted, version })), 'replayed')
    assert.equal(held(), 'suspended 9')
  })

  test('a version of the future on a true standing holds up no later standing', () => {
    const { apply, held } = openTable()
    apply(of({ ...decisionOf('trusted', { version: 4 }), version: Number.MAX_SAFE_INTEGER }))
    assert.equal(apply(of(suspended)), 'decided')
    assert.equal(held(), 'suspended 9')
  })

  test('rejects a standing from before the end, also after a tombstone that came too early', () => {
    const trusted = decisionOf('trusted', { version: 4 })
    const { apply, held } = openTable()
    apply(of(trusted))
    apply(decided(6, 'ended'))
    assert.equal(apply(tombstone), 'forgotten')
    assert.equal(apply(of(trusted)), 'replayed')
    assert.equal(held(), undefined)
  })

  test('a band that moved repeats the standing’s signature and is taken; it lifts no doubt', () => {
    const moved = { ...suspended, version: 12, score: 99 }
    const { apply, held } = openTable()
    apply(of(suspended))
    assert.equal(apply(of(moved)), 'decided')
    assert.equal(held(), 'suspended 12')
    apply(unreadable)
    assert.equal(apply(of({ ...moved, version: 13 })), 'ignored')
    assert.equal(held(), 'unknown 12')
  })

  test('rejects a forged beat, and one that was heard before says nothing of who lives', () => {
    const { table } = openTable()
    const forged = { partition: 3, position: 9, beatAt: 9_000 }
    const apply = (beat: Beat, now: number) => table.apply(3, '\0beat', { type: 'beat', beat }, at(now))
    assert.equal(apply({ ...forged, ...liar.signBeat(forged) }, 1), 'beat_forged')
    assert.equal(apply({ ...forged, keyId: '', signature: Buffer.alloc(0) }, 1), 'beat_forged')
    assert.equal(table.beatAge(3, at(9_000)), Number.POSITIVE_INFINITY)
    const beat = signedBeat({ partition: 3, position: 5, beatAt: 1_000 })
    assert.equal(apply(beat, 1_000), 'beaten')
    assert.equal(apply(beat, 8_000), 'ignored')
    assert.equal(apply({ ...beat, position: 6 }, 8_000), 'beat_forged')
    assert.equal(table.beatAge(3, at(8_000)), 7_000)
  })

  test('without a key in the bundle no decision and no beat counts', () => {
    const table = createDecisionTable({ verifier: createDecisionVerifier([]), onForgotten: () => undefined })
    assert.equal(table.apply(3, sessionId, of(suspended), at(1)), 'forged')
    const beat = signedBeat({ partition: 3, position: 5, beatAt: 1_000 })
    assert.equal(table.apply(3, '\0beat', { type: 'beat', beat }, at(1)), 'beat_forged')
  })
})
