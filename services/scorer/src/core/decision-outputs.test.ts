import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Assessment } from '@cordon/risk'
import type { Standing } from '@cordon/schemas'
import { createLocalSerde } from '@cordon/serde'

import { testSigner, untaughtKernel } from '../fixtures/driven-scorer.ts'
import { opened } from '../fixtures/session-events.ts'
import { decisionOutputs } from './decision-outputs.ts'
import { createStandingSigner } from './standing-signer.ts'

const codec = createLocalSerde()
const outputs = decisionOutputs(codec, 7, createStandingSigner(testSigner, true))
const cause = { partition: 3, offset: 11n, sessionId: '3.one', at: 5, invocationId: null }
const event = opened('3.one', 5)
assert.ok(event.name === 'SessionOpened')
const kernel = untaughtKernel()
const entry = { session: kernel.open(event.value, 5), human: 'ada', signed: undefined }

const assessed = (standing: Standing, change: 'standing' | 'band'): Assessment => {
  entry.session.standing = standing
  return new Assessment(entry.session, 40, 0, 'deny', change, 0, 0, 'bundle')
}

const topicsOf = (assessment: Assessment): readonly string[] =>
  outputs
    .decided(entry, assessment, cause)
    .outputs.map(({ delivery, record }) => `${record.topic} ${delivery}`)

test('a change for the worse is a signal beside the decision', () => {
  for (const standing of ['verify', 'read_only', 'suspended'] as const)
    assert.deepEqual(topicsOf(assessed(standing, 'standing')), [
      'session-decisions claimed',
      'security-signals outbox',
    ])
})

test('an opening, an end and a change of the score alone are no signals', () => {
  assert.deepEqual(topicsOf(assessed('trusted', 'standing')), ['session-decisions claimed'])
  assert.deepEqual(topicsOf(assessed('ended', 'standing')), ['session-decisions claimed'])
  assert.deepEqual(topicsOf(assessed('verify', 'band')), ['session-decisions claimed'])
})

test('everything goes to the partition of its cause', () => {
  for (const { record } of outputs.decided(entry, assessed('suspended', 'standing'), cause).outputs)
    assert.deepEqual([record.partition, record.key], [3, '3.one'])
  assert.deepEqual(outputs.forgotten('3.one', 3).record, {
    topic: 'session-decisions',
    partition: 3,
    key: '3.one',
    value: null,
  })
})
