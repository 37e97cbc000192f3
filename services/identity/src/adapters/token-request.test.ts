import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readExchange, readRenewal } from './token-request.ts'

const proof = { holder: 'proof', parent: undefined }

const exchangeForm = (over: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries({
      subject_token: 'token',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      resource: 'urn:cordon:server:files',
      authorization_details: '[{ "type": "mcp_tool", "identifier": "files/read_file" }]',
      ...over,
    }),
  )

const intentOf = (text: string) => {
  const asked = readExchange(exchangeForm({ declared_intent: text }), proof)
  return asked.ok ? asked.value.declaredIntent?.length : asked.refusal
}

test('an intent counts by its bytes, and one byte more than 64 KiB is refused', () => {
  assert.equal(intentOf('x'.repeat(65_536)), 65_536)
  const refusal = {
    code: 'REQUEST_INVALID',
    message: 'declared_intent: expected at most 65536 bytes, got more',
  }
  assert.deepEqual(intentOf('x'.repeat(65_537)), refusal)
  assert.equal(intentOf('é'.repeat(32_768)), 32_768)
  assert.deepEqual(intentOf(`${'é'.repeat(32_768)}x`), refusal)
})

test('rejects an intent at renewal aloud, instead of passing it over', () => {
  const form = { refresh_token: 'r', resource: 'urn:cordon:server:files' }
  assert.ok(readRenewal(new Map(Object.entries(form)), proof).ok)
  const widened = readRenewal(new Map(Object.entries({ ...form, declared_intent: 'more' })), proof)
  assert.equal(widened.ok ? 'granted' : widened.refusal.code, 'INTENT_REFUSED')
})
