import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compactJws } from '../compact-jws.ts'
import type { KeySet } from '../key-set.ts'
import { verificationKeyOf } from '../verification-key.ts'
import { type DownstreamKey, generateDownstreamSecret, openDownstreamKey } from './downstream-key.ts'
import { type EngineKeys, signEngineKeys, verifyEngineKeys } from './engine-keys.ts'

const issuer = 'https://identity.example'
const announcer = openDownstreamKey(generateDownstreamSecret())
const callKey = openDownstreamKey(generateDownstreamSecret())
const said: EngineKeys = {
  issuedAt: 1_800_000_000_000,
  keys: [{ jwk: callKey.publicJwk, until: 1_800_000_060_000 }],
}

const setOf = (key: DownstreamKey): KeySet => {
  const found = verificationKeyOf(key.publicJwk)
  assert.ok(found)
  return new Map([[key.keyId, found]])
}
const announcers = setOf(announcer)
const reasonOf = (statement: string, named: KeySet = announcers): string => {
  const verified = verifyEngineKeys(statement, { issuer, announcers: named })
  return verified.ok ? 'accepted' : verified.reason
}

const header = { typ: 'cordon-engine-keys+jwt', alg: 'EdDSA', kid: announcer.keyId }
const claims = {
  iss: `${issuer}/engines`,
  aud: issuer,
  iat: 1_800_000_000,
  keys: [{ x: callKey.publicJwk.x, until: 1_800_000_060 }],
}
const craft = (change: object = {}, head: object = {}, signer: DownstreamKey = announcer): string =>
  compactJws({ ...header, ...head }, { ...claims, ...change }, bytes => signer.sign(bytes))

test('says which keys sign, and until when', () => {
  const statement = signEngineKeys(announcer, issuer, said)
  assert.equal(statement, craft())
  assert.deepEqual(verifyEngineKeys(statement, { issuer, announcers }), {
    ok: true,
    announcer: announcer.keyId,
    said,
  })
})

test('rejects keys that a stranger announces, under its own name and under the engine’s', () => {
  const stranger = openDownstreamKey(generateDownstreamSecret())
  assert.equal(reasonOf(signEngineKeys(stranger, issuer, said)), 'ANNOUNCER_UNKNOWN')
  assert.equal(reasonOf(craft({}, {}, stranger)), 'SIGNATURE_WRONG')
  assert.equal(reasonOf(craft(), new Map()), 'ANNOUNCER_UNKNOWN')
  // A call key announces nothing.
  assert.equal(reasonOf(signEngineKeys(callKey, issuer, said)), 'ANNOUNCER_UNKNOWN')
})

test('rejects what the engine signed for another deployment, or as something else', () => {
  for (const change of [
    { iss: issuer },
    { aud: 'https://other.example' },
    { aud: [issuer] },
    { keys: [] },
    { keys: Array.from({ length: 5 }, () => claims.keys[0]) },
    { keys: [{ x: 'AAAA', until: 1_800_000_060 }] },
    { keys: [{ x: `${callKey.publicJwk.x}=`, until: 1_800_000_060 }] },
    { keys: [{ ...claims.keys[0], kid: 'a name of another' }] },
    { iat: 0 },
    { more: 1 },
  ])
    assert.equal(reasonOf(craft(change)), 'NOT_A_STATEMENT', JSON.stringify(change))
  for (const head of [{ typ: 'cordon-call+jwt' }, { alg: 'none' }, { jwk: announcer.publicJwk }])
    assert.equal(reasonOf(craft({}, head)), 'NOT_A_STATEMENT', JSON.stringify(head))
  assert.equal(reasonOf(`${craft()} `), 'NOT_A_STATEMENT')
  assert.equal(reasonOf('x'.repeat(5_000)), 'NOT_A_STATEMENT')
})
