import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'

import * as fc from 'fast-check'

import { createStatusList, decodeStatusList } from './status-list.ts'

// draft-ietf-oauth-status-list, test vectors: 2 bits, 2^20 entries.
const long = [
  'eNrt2zENACEQAEEuoaBABP5VIO01fCjIHTMStt9ovGV',
  'IAAAAAABAbiEBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEB5WwIAAAAAA',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAID0ugQAAAAAAAAAAAAAAAAAQG12SgAAA',
  'AAAAAAAAAAAAAAAAAAAAAAAAOCSIQEAAAAAAAAAAAAAAAAAAAAAAAD8ExIAAAAAAAA',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAwJEuAQAAAAAAAAAAAAAAAAAAAAAAAMB9S',
  'wIAAAAAAAAAAAAAAAAAAACoYUoAAAAAAAAAAAAAAEBqH81gAQw',
].join('')

const longEntries: readonly (readonly [number, 'invalid' | 'suspended' | 'undefined'])[] = [
  [0, 'invalid'],
  [1993, 'suspended'],
  [25460, 'invalid'],
  [159495, 'undefined'],
  [495669, 'invalid'],
  [554353, 'invalid'],
  [645645, 'suspended'],
  [723232, 'invalid'],
  [854545, 'invalid'],
  [934534, 'suspended'],
  [1000345, 'undefined'],
]

test('reads the example of the draft (§4.1, §4.2)', () => {
  const list = decodeStatusList('eNo76fITAAPfAgc')
  const numbers = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
  const words = ['valid', 'invalid', 'suspended', 'undefined']
  assert.deepEqual(
    numbers.map((_, index) => list?.get(index)),
    numbers.map(number => words[number]),
  )
  assert.equal(list?.get(12), undefined)
})

test('reads the test vector of the draft, and nothing else than valid between its entries', () => {
  const list = decodeStatusList(long)
  assert.equal(list?.size, 2 ** 20)
  const entries = new Map(longEntries)
  for (let index = 0; index < 2 ** 20; index += 1)
    if (list.get(index) !== (entries.get(index) ?? 'valid')) assert.fail(`index ${index}`)
})

test('writes what it reads', () => {
  const list = createStatusList(2 ** 12)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 2 ** 12 - 1 }), fc.constantFrom('valid', 'invalid', 'suspended'))),
      changes => {
        for (const [index, status] of changes) list.set(index, status)
        const read = decodeStatusList(list.encode())
        for (const [index] of changes) assert.equal(read?.get(index), list.get(index))
        for (const [index, status] of new Map(changes)) assert.equal(list.get(index), status)
      },
    ),
  )
})

test('rejects what does not inflate, and what inflates to more than a list: a bomb', () => {
  const bomb = deflateSync(Buffer.alloc(2 ** 18 + 1)).toString('base64url')
  for (const lst of ['', 'AAAA', 'eNo76fITAAPfAgc=', 'eNo76fITAAPfAg', bomb])
    assert.equal(decodeStatusList(lst), undefined, lst)
})

test('refuses an index outside', () => {
  const list = createStatusList(4)
  for (const index of [-1, 4, 0.5, Number.NaN]) {
    assert.equal(list.get(index), undefined)
    assert.throws(() => list.set(index, 'invalid'), { code: 'STATUS_INVALID' })
  }
})
