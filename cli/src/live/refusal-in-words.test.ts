import assert from 'node:assert/strict'
import { test } from 'node:test'

import { refusalInWords } from './refusal-in-words.ts'
import type { Judgement } from './session-fact.ts'

const judgement: Judgement = {
  standing: 'trusted',
  score: 53,
  evidence: 4.8,
  contributions: [
    { signal: 'provenance', nats: 1.3, fact: 'the path came from a result' },
    { signal: 'resource', nats: 3.3, fact: 'first time' },
  ],
  causedBy: 'i',
}

test('a held call says what made it so: what came out of a result where the score would not have held it', () => {
  assert.equal(
    refusalInWords('GATE_REFUSED', judgement),
    'the scorer held this call: the path came from a result',
  )
  assert.equal(
    refusalInWords('GATE_REFUSED', { ...judgement, standing: 'verify' }),
    'the scorer held this call: first time',
  )
  assert.equal(
    refusalInWords('GATE_REFUSED', { ...judgement, standing: 'suspended', verdict: 'deny' }),
    'the scorer denied this call: first time',
  )
  for (const unknown of [undefined, { ...judgement, contributions: [] }])
    assert.equal(refusalInWords('GATE_REFUSED', unknown), 'the scorer held this call')
})

test('approvals are asked for what changes something and for what is sensitive', () => {
  assert.match(refusalInWords('STEP_UP_REQUIRED', undefined), /^changes and sensitive calls need an approval/)
  assert.equal(refusalInWords('constructor', undefined), 'no decision of the scorer')
})
