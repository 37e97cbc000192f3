import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fitText } from './fit-text.ts'

test('leaves alone what fits', () => {
  assert.equal(fitText('orders', 6), 'orders')
  assert.equal(fitText('größe', 7), 'größe')
})

test('cuts to bytes, between characters', () => {
  assert.equal(fitText('abcdefgh', 6), 'abc…')
  assert.equal(fitText('ääää', 7), 'ää…')
})

test('shows nothing that draws on a terminal', () => {
  assert.equal(fitText('a\u001b[2Jb\u202e\n', 40), 'a\ufffd[2Jb\ufffd\ufffd')
})
