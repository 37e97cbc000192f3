import assert from 'node:assert/strict'
import { test } from 'node:test'

import { bandOf, defaultPriors, priorLogitOf, scoreOf } from './score.ts'

const priors = { ...defaultPriors, logit: -2, sensitivityLogit: 0.5, slope: 1 }

test('is 100·σ of prior, sensitivity and evidence', () => {
  // σ(0) = 1/2; σ(ln 3) = 3/4
  assert.equal(scoreOf(priors, -2, 0, 2), 50)
  assert.equal(scoreOf(priors, -2, 2, 1), 50)
  assert.ok(Math.abs(scoreOf(priors, 0, 0, Math.log(3)) - 75) < 1e-9)
})

test('starts from the role where the bundle names it', () => {
  const named = { ...priors, roles: { admin: { priorLogit: -1 } } }
  assert.equal(priorLogitOf(named, 'admin'), -1)
  assert.equal(priorLogitOf(named, 'toString'), -2)
})

test('a score that wavers around an edge stays in its band', () => {
  assert.equal(bandOf(19.9, 0), 1)
  assert.equal(bandOf(20, 1), 2)
  assert.equal(bandOf(17.1, 2), 2)
  assert.equal(bandOf(17, 2), 1)
  assert.equal(bandOf(100, 0), 9)
})
