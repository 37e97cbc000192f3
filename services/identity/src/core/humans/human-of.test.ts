import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { IdentityProvider } from '@cordon/policy'
import fc from 'fast-check'

import { subjectOfName } from './human-name.ts'
import { humanOf, type Human, type IdTokenClaims } from './human-of.ts'

const provider: IdentityProvider = {
  audiences: ['cordon'],
  jwksUri: 'https://login.example/jwks',
  algorithms: ['ES256'],
  roles: [
    { claim: 'groups', value: 'operators', role: 'operator' },
    { claim: 'groups', value: 'analysts', role: 'analyst' },
    { claim: 'department', value: 'research', role: 'analyst' },
  ],
  entitlements: [
    { claim: 'groups', value: 'analysts', tools: ['files/*', 'postgres/query'] },
    { claim: 'groups', value: 'staff', tools: ['postgres/query', 'mail/send'] },
  ],
  clearances: [
    { claim: 'groups', value: 'staff', clearance: 1 },
    { claim: 'groups', value: 'analysts', clearance: 2 },
  ],
}

const claims: IdTokenClaims = {
  iss: 'https://login.example',
  sub: 'alice',
  iat: 1_800_000_000,
  exp: 1_800_003_600,
  groups: ['staff', 'analysts'],
}

const known = (over: object = {}, at = provider): Human => {
  const outcome = humanOf({ ...claims, ...over }, at)
  assert.ok(outcome.ok)
  return outcome.human
}

test('the first role that matches, all entitlements, the highest clearance', () => {
  assert.deepEqual(known({ sid: 's-1', auth_time: 1_799_999_000, acr: 'urn:example:mfa' }), {
    issuer: 'https://login.example',
    human: 'alice',
    role: 'analyst',
    tools: ['files/*', 'postgres/query', 'mail/send'],
    clearance: 2,
    humanSession: 's-1',
    authenticatedAt: 1_799_999_000_000,
    acr: 'urn:example:mfa',
  })
  assert.equal(known({ groups: ['analysts', 'operators'] }).role, 'operator')
  assert.equal(known({ groups: undefined, department: 'research' }).clearance, 0)
})

test('what a provider does not say is the least that it can be', () => {
  const human = known()
  assert.equal(human.humanSession, undefined)
  assert.equal(human.authenticatedAt, 1_800_000_000_000)
  assert.equal(human.acr, '0')
})

test('a time with fractions is kept in whole milliseconds (RFC 7519 §2)', () => {
  assert.equal(known({ auth_time: 1_799_999_000.1239 }).authenticatedAt, 1_799_999_000_123)
  assert.equal(known({ auth_time: undefined, iat: 1_800_000_000.0009 }).authenticatedAt, 1_800_000_000_000)
})

test('rejects a human whom the bundle maps to no role', () => {
  for (const groups of [undefined, [], ['visitors'], 'analyst', { 0: 'analysts' }, [['analysts']]])
    assert.deepEqual(humanOf({ ...claims, groups }, provider), { ok: false })
})

test('rejects a claim that nobody sent, whatever its name', () => {
  for (const claim of ['constructor', '__proto__', 'toString'])
    assert.deepEqual(
      humanOf(claims, { ...provider, roles: [{ claim, value: 'Object', role: 'operator' }] }),
      { ok: false },
    )
})

test('grants nothing beyond what the human consented to, and nothing beyond what they have', () => {
  const consented = (tools: readonly string[]): readonly string[] => known({ cordon_tools: tools }).tools
  assert.deepEqual(consented(['files/read_file', 'postgres/query']), ['files/read_file', 'postgres/query'])
  assert.deepEqual(consented(['postgres/*']), ['postgres/query'])
  assert.deepEqual(consented(['shell/run', 'file/*']), [])
  assert.deepEqual(consented([]), [])
  assert.equal(known({ cordon_agent: 'desk' }).agent, 'desk')
})

test('consent only ever narrows', () => {
  const tool = fc.constantFrom(
    'files/*',
    'files/read',
    'postgres/*',
    'postgres/query',
    'mail/send',
    'filesystem/x',
  )
  const covers = (wide: string, narrow: string): boolean =>
    wide === narrow || (wide.endsWith('/*') && wide.split('/')[0] === narrow.split('/')[0])
  fc.assert(
    fc.property(fc.array(tool), fc.array(tool), (entitled, consented) => {
      const one = { ...provider, entitlements: [{ claim: 'sub', value: 'alice', tools: entitled }] }
      for (const granted of known({ cordon_tools: consented }, one).tools) {
        assert.ok(entitled.some(each => covers(each, granted)))
        assert.ok(consented.some(each => covers(each, granted)))
      }
    }),
  )
})

test('rejects that one provider’s alice is another’s', () => {
  const corporate = { ...provider, prefix: 'corp:' }
  assert.equal(known({}, corporate).human, 'corp:alice')
  assert.equal(subjectOfName(corporate, 'corp:alice'), 'alice')
  assert.equal(subjectOfName(provider, 'alice'), 'alice')
})
