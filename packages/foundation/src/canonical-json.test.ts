import assert from 'node:assert/strict'
import { test } from 'node:test'

import { canonicalJson } from './canonical-json.ts'

test('writes the sample of RFC 8785 §3.2.4', () => {
  const sample = {
    numbers: JSON.parse('[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]') as unknown,
    string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  }
  assert.equal(
    canonicalJson(sample),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

test('rejects what is no JSON value', () => {
  assert.throws(() => canonicalJson(undefined), { code: 'JSON_NOT_CANONICAL' })
})
