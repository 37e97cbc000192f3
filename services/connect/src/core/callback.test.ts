import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readCallback } from './callback.ts'

const expected = { state: 'state-1', issuer: 'https://id.example/oidc' }
const kindOf = (query: string) => readCallback(new URLSearchParams(query), expected).kind

test('takes the code of this log-in', () => {
  const callback = readCallback(
    new URLSearchParams('code=c&state=state-1&iss=https://id.example/oidc'),
    expected,
  )
  assert.deepEqual(callback, { kind: 'code', code: 'c' })
})

const attacks: readonly (readonly [what: string, query: string])[] = [
  ['the code of another log-in (log-in CSRF)', 'code=c&state=state-2'],
  ['a code without state', 'code=c'],
  ['a second state beside the right one', 'code=c&state=state-1&state=state-2'],
  ['two codes', 'code=a&code=b&state=state-1'],
  ['the code of another provider (mix-up)', 'code=c&state=state-1&iss=https://evil.example'],
  ['a refusal that somebody else sends', 'error=access_denied&state=x'],
  ['no code at all', 'state=state-1'],
]

for (const [what, query] of attacks)
  test(`rejects ${what}, and waits on`, () => assert.equal(kindOf(query), 'foreign'))

test('a refusal ends the log-in, and nothing of its text is shown', () => {
  const callback = readCallback(new URLSearchParams('error=<script>&state=state-1'), expected)
  assert.ok(callback.kind === 'refused')
  assert.equal(callback.error.message, 'log-in: expected the human to agree, got another error')
})
