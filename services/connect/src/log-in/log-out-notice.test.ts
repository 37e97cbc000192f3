import assert from 'node:assert/strict'
import { test } from 'node:test'

import { logOutNotice } from './log-out-notice.ts'

const identity = 'http://127.0.0.1:7401'
const idToken = `e30.${Buffer.from('{"sub":"alice"}').toString('base64url')}.s`
const logIn = { idToken, expiresAt: 0 }
const ended = { sessionId: '3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b', isRecorded: true }
const did = { logIn, wasKept: true, ended, provider: `${identity}/oidc`, identity }

test('says whose log-in is forgotten, which session ended, and what only a browser can end', () =>
  assert.deepEqual(logOutNotice(did), [
    'Logged out: the log-in of alice is forgotten.',
    'Session 3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b has ended; the next request of a client asks for a log-in.',
    'A browser may be signed in yet: http://127.0.0.1:7401/oidc/logout ends that too, with every session of the same log-in.',
  ]))

test('of a provider elsewhere it knows no address for that', () =>
  assert.equal(
    logOutNotice({ ...did, provider: 'https://login.example' }).at(-1),
    'A browser may be signed in yet, at https://login.example.',
  ))

test('claims nothing that was not there', () => {
  assert.deepEqual(logOutNotice({ ...did, logIn: undefined, wasKept: false, ended: undefined }), [
    'Nobody was logged in: no log-in was kept, and no session was open.',
  ])
  assert.deepEqual(logOutNotice({ ...did, logIn: undefined, ended: undefined }).slice(0, 2), [
    'Logged out: what was kept could not be used, and is gone.',
    'No session was open.',
  ])
  assert.deepEqual(
    logOutNotice({ ...did, logIn: undefined, wasKept: false, ended: { ...ended, isRecorded: false } }).slice(
      0,
      2,
    ),
    [
      'Logged out: no log-in was kept.',
      'Session 3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b is given up; the next request of a client asks for a log-in.',
    ],
  )
})
