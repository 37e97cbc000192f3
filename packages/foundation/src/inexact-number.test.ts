import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { hasInexactNumber } from './inexact-number.ts'

for (const number of [
  '0',
  '-0',
  '0.1',
  '12.50',
  '1.0',
  '-7',
  '100000000000000000000',
  '9007199254740992',
  '9007199254740994',
  '-9007199254740991.0000000000000',
  '1e23',
  '10E-1',
  '1E+2',
  '5e-324',
  '1.7976931348623157e308',
  '0.1000000000000000000000000',
  '0e999999999999999999999',
  '1000000000000000100000',
])
  test(`${number} is what a double makes of it`, () => {
    assert.equal(hasInexactNumber(`{"a":[${number}]}`), false)
  })

for (const number of [
  '9007199254740993',
  '-9007199254740993',
  '9007199254740993.0',
  '900719925474099.3e1',
  '12345678901234567890',
  '0.1000000000000000055511151231257827',
  '3.14159265358979323846',
  '1e400',
  '-1e400',
  '1e-400',
  '4.9e-324',
  '1e99999999999999999999999',
  `1${'0'.repeat(400)}`,
  `0.${'0'.repeat(400)}1`,
])
  test(`${number.slice(0, 40)} is another number as a double`, () => {
    assert.equal(hasInexactNumber(`{"a":[${number}]}`), true)
    assert.equal(hasInexactNumber(number), true)
  })

test('digits in names and texts are no numbers', () => {
  assert.equal(hasInexactNumber('{"9007199254740993":"1e400 \\" 9007199254740993 \\\\","b":1}'), false)
  assert.equal(hasInexactNumber('{"a":"\\\\","b":9007199254740993}'), true)
})

test('every double as it is written passes, and every decimal of 15 digits', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), double => {
      assert.equal(hasInexactNumber(JSON.stringify([double])), false)
    }),
  )
  const decimal = fc.tuple(fc.bigInt(10n ** 14n, 10n ** 15n - 1n), fc.integer({ min: -200, max: 200 }))
  fc.assert(
    fc.property(decimal, ([digits, power]) => {
      assert.equal(hasInexactNumber(`[${digits}e${power}]`), false)
    }),
  )
})

test('a whole number passes exactly where a double holds it or writes it so', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 40n), whole => {
      // What a double writes for itself, with all its zeros.
      const written = BigInt(Number(whole).toLocaleString('fullwide', { useGrouping: false }))
      assert.equal(hasInexactNumber(`[${whole}]`), written !== whole)
    }),
  )
})

test('megabytes of zeros take no longer than other text', () => {
  assert.equal(hasInexactNumber(`[0.1${'0'.repeat(1_000_000)}]`), false)
  assert.equal(hasInexactNumber(`[${'10'.repeat(500_000)}]`), true)
})
