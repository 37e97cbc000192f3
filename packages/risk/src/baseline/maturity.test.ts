import assert from 'node:assert/strict'
import { test } from 'node:test'

import { maturityInWords } from './maturity.ts'

test('says whether an agent is new, young or known, and what it is judged by', () => {
  assert.equal(
    maturityInWords(0),
    'new agent: no session has taught its baseline, so it is judged by its role and by everyone',
  )
  assert.equal(
    maturityInWords(1),
    'young agent: 1 session has taught its baseline, and its role counts beside it',
  )
  assert.match(maturityInWords(19), /^young agent: 19 sessions have taught its baseline/)
  assert.equal(maturityInWords(20), 'known agent: 20 sessions have taught its baseline')
  assert.equal(maturityInWords(-1), 'nobody recorded how well the agent was known')
})
