import assert from 'node:assert/strict'
import { test } from 'node:test'

import { databaseFault } from './database-fault.ts'

// PostgreSQL, appendix A: what each SQLSTATE means.
const codes = {
  DATABASE_UNAVAILABLE: ['08006', '40001', '40P01', '53300', '57014', '57P01'],
  DATABASE_REFUSED: ['22021', '22P05', '23505', '54000', '54001'],
  DATABASE_FAILED: ['25006', '42P01', '55P03', '58030', 'XX000', 'P0001'],
}

test('what a database answers tells whether to ask again, and whether the values are why', () => {
  for (const [expected, states] of Object.entries(codes))
    for (const code of states) {
      const fault = databaseFault({ code, message: 'of a row' }, true)
      assert.equal(fault.code, expected, code)
      assert.equal(fault.retryable, expected === 'DATABASE_UNAVAILABLE', code)
      assert.ok(fault.message.includes(code) && !fault.message.includes('of a row'))
    }
})

test('on the way there nothing was answered: it may be asked again', () => {
  for (const error of [{ code: 'ECONNRESET' }, { code: '22021' }, undefined])
    assert.equal(databaseFault(error, false).code, 'DATABASE_UNAVAILABLE')
})
