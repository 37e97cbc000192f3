import assert from 'node:assert/strict'
import { test } from 'node:test'

import { signedInNotice } from './signed-in-notice.ts'

const noticeFor = (claims: object): string => {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return signedInNotice({ idToken: `e30.${payload}.s`, expiresAt: Date.UTC(2026, 10, 30, 12, 5) })
}

for (const [what, claims, name] of [
  ['user name', { sub: '4711', email: 'a@example.org', preferred_username: 'alice' }, 'alice'],
  ['address', { sub: '4711', email: 'a@example.org' }, 'a@example.org'],
  ['subject', { sub: '4711', email: null }, '4711'],
] as const)
  test(`says who signed in by the ${what}, and until when`, () =>
    assert.equal(noticeFor(claims), `Signed in as ${name}; kept until 2026-11-30T12:05:00Z`))

test('a name draws nothing on the terminal', () =>
  assert.match(noticeFor({ sub: 'a\u001B[2Jb\u202E' }), /^Signed in as a\uFFFD\[2Jb\uFFFD;/))
