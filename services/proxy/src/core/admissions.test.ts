import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeSessionId } from '@cordon/foundation'

import { createAdmissions } from './admissions.ts'

const session = makeSessionId(0, '00000000-0000-4000-8000-000000000001')

test('an admission is believed for one second, for its token and its server', () => {
  const admissions = createAdmissions()
  admissions.add('token', 'bank', session, 5_000)
  assert.equal(admissions.find('token', 'bank', 5_999), session)
  assert.equal(admissions.find('token', 'bank', 6_000), undefined)
  assert.equal(admissions.find('token', 'mail', 5_001), undefined)
  assert.equal(admissions.find('other', 'bank', 5_001), undefined)
})

test('holds no more than 10,000', () => {
  const admissions = createAdmissions()
  for (let i = 0; i < 10_001; i += 1) admissions.add(`token-${i}`, 'bank', session, 0)
  assert.equal(admissions.find('token-0', 'bank', 1), undefined)
  assert.equal(admissions.find('token-10000', 'bank', 1), session)
})
