import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sayingPasswordPlace } from './password-place.ts'

test('where the password is the human hears after the notice, and nobody reads in it', async () => {
  const heard: string[] = []
  const logIn = { idToken: 'token', expiresAt: 1 }
  const method = sayingPasswordPlace(
    (tell, signal) => {
      tell('Sign in.')
      assert.equal(signal.aborted, false)
      return Promise.resolve(logIn)
    },
    '/data/keys/passwords.json',
    line => heard.push(`aside: ${line}`),
  )
  assert.equal(await method(notice => heard.push(`notice: ${notice}`), new AbortController().signal), logIn)
  assert.deepEqual(heard, [
    'notice: Sign in.',
    'aside: Your name and password, as cordon up made them, stand in /data/keys/passwords.json.',
  ])
})
