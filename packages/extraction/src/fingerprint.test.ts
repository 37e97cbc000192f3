import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'

import { argumentsShape } from './arguments-shape.ts'
import { fingerprint } from './fingerprint.ts'

const key = createSecretKey(Buffer.from('cordon-fingerprint-test-key'))

test('is the first 52 bits of HMAC-SHA-256 over kind, NUL, value', () => {
  // printf 'email\0bob@evil.example' | openssl dgst -sha256 -hmac cordon-fingerprint-test-key
  assert.equal(fingerprint(key, 'email', 'bob@evil.example'), 0xd4194459fbaf1)
})

test('tells kinds and keys apart', () => {
  const other = createSecretKey(Buffer.from('another key'))
  assert.notEqual(fingerprint(key, 'host', 'a.example'), fingerprint(key, 'url', 'a.example'))
  assert.notEqual(fingerprint(key, 'host', 'a.example'), fingerprint(other, 'host', 'a.example'))
})

test('the shape of arguments is their names and types, not their order or values', () => {
  // printf '[["a","string"],["b","array"],["c","null"]]' | sha256sum
  assert.equal(argumentsShape({ c: null, a: 'x', b: [1] }), 0x8d69f6d98d6e6)
  assert.equal(argumentsShape({ a: 'y', b: [], c: null }), argumentsShape({ c: null, b: ['z'], a: '' }))
  assert.notEqual(argumentsShape({ a: 1 }), argumentsShape({ a: '1' }))
  assert.notEqual(argumentsShape({ a: 1 }), argumentsShape({ b: 1 }))
})
