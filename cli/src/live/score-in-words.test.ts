import assert from 'node:assert/strict'
import { test } from 'node:test'

import { judgementInWords, scoreExplained } from './score-in-words.ts'
import type { Judgement } from './session-fact.ts'

const thresholds = { verify: 3, readOnly: 6, suspend: 9 }
// By hand: a role at −4 and a tool of sensitivity 2 start at −3.5; 4.8 nats of evidence add 3.6; σ(0.1) = 0.525.
const judgement: Judgement = {
  standing: 'verify',
  score: 52.497918747894,
  evidence: 4.8,
  contributions: [],
  causedBy: null,
}

test('the figures of a judgement compute', () => {
  assert.equal(
    judgementInWords(judgement, thresholds),
    'evidence 4.80 nats (verify from 3), score 52 = 100·σ(−3.50 + 0.75·4.80)',
  )
})

test('names the threshold of the standing, or what it rests on where it is calibrated', () => {
  const of = (more: Partial<Judgement>, set?: typeof thresholds): string =>
    /\((.*?)\)/.exec(judgementInWords({ ...judgement, ...more }, set))?.[1] ?? ''
  assert.equal(of({ standing: 'trusted' }, thresholds), 'verify from 3')
  assert.equal(of({ standing: 'read_only' }, thresholds), 'read_only from 6')
  assert.equal(of({ standing: 'suspended' }, thresholds), 'suspended from 9')
  assert.equal(of({ thresholdBasis: 'role' }), 'verify by what sessions of its role reach')
  assert.equal(of({}), 'verify by calibration')
})

test('a score that leaves no start to tell is no odd number', () => {
  for (const score of [0, 100, Number.NaN])
    assert.doesNotMatch(judgementInWords({ ...judgement, score }, thresholds), /σ|Infinity/)
})

test('says that thresholds are on evidence, and what a score starts from', () => {
  const text = scoreExplained(thresholds).join(' ')
  assert.match(
    text,
    /follows from the evidence alone: verify from 3 nats on, read_only from 6, suspended from 9\./,
  )
  assert.match(
    text,
    /start is −4, unless the bundle says otherwise for the role of the human, and 0\.25 more for each level/,
  )
})
