import assert from 'node:assert/strict'
import { test } from 'node:test'

import { authorizationOf, textWithCallToken, withCallToken } from './call-token.ts'

test('a server with an authorization of its own finds the token beside it', () => {
  const headers = withCallToken({ accept: 'a' }, 'token')
  assert.deepEqual(authorizationOf({}, headers), { accept: 'a', authorization: 'Bearer token' })
  assert.deepEqual(authorizationOf({ authorization: 'Bearer own' }, headers), headers)
  assert.deepEqual(authorizationOf({}, { accept: 'a' }), { accept: 'a' })
})

test('a request keeps every digit and every member, and gets its token', () => {
  const text = '{"jsonrpc":"2.0","id":1,"method":"m","params":{"n":1.10000000000000000001,"_meta":{"a":1}}}'
  assert.equal(
    textWithCallToken(text, withCallToken({}, 't')),
    '{"jsonrpc":"2.0","id":1,"method":"m","params":{"n":1.10000000000000000001,"_meta":{"a":1,"cordon/call-token":"t"}}}',
  )
  assert.equal(textWithCallToken(text, {}), text)
})
