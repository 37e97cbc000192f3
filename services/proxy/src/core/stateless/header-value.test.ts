import assert from 'node:assert/strict'
import { test } from 'node:test'

import { decodeHeaderValue, encodeHeaderValue } from './header-value.ts'

test('what is no plain header text goes as Base64 (MCP 2026-07-28, Streamable HTTP)', () => {
  const values = {
    echo: 'echo',
    'demo://a b': 'demo://a b',
    Zürich: '=?base64?WsO8cmljaA==?=',
    ' a': '=?base64?IGE=?=',
    '': '=?base64??=',
    'a\r\nb': '=?base64?YQ0KYg==?=',
    '=?base64?eA==?=': '=?base64?PT9iYXNlNjQ/ZUE9PT89?=',
  }
  for (const [value, header] of Object.entries(values)) {
    assert.equal(encodeHeaderValue(value), header)
    assert.equal(decodeHeaderValue(header), value)
  }
})

test('rejects Base64 that is none, and bytes that are no UTF-8', () => {
  assert.equal(decodeHeaderValue('=?base64?***?='), undefined)
  assert.equal(decodeHeaderValue('=?base64?/w==?='), undefined)
})
