import assert from 'node:assert/strict'
import { test } from 'node:test'

import { meaningOf } from './upstream-status.ts'

const kinds: Readonly<Record<number, string>> = {
  200: 'ok',
  202: 'ok',
  301: 'fault malformed',
  400: 'pass',
  401: 'fault credentials',
  403: 'fault credentials',
  404: 'session-gone',
  405: 'pass',
  409: 'pass',
  410: 'session-gone',
  418: 'fault failed',
  429: 'pass',
  500: 'fault failed',
  503: 'fault failed',
}

test('each status of a server has one meaning', () => {
  for (const [status, expected] of Object.entries(kinds)) {
    const meaning = meaningOf(Number(status))
    assert.equal(meaning.kind === 'fault' ? `fault ${meaning.fault.kind}` : meaning.kind, expected)
  }
})
