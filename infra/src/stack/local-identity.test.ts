import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { verifyProvenance } from '@cordon/attestation'
import { closedIdentity, type IdentityPolicy } from '@cordon/policy'
import { openDownstreamKey } from '@cordon/tokens'

import { prepareHumans } from './local-humans.ts'
import { completeIdentity } from './local-identity.ts'

const issuer = 'http://127.0.0.1:7401'
const manifest = {
  version: '1.0.0',
  platform: 'desk',
  deployer: 'me',
  model: 'none',
  promptDigest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  tools: ['files/*'],
  maxDelegationDepth: 0,
  provenance: [],
}
const mapping = {
  roles: [{ claim: 'groups', value: 'staff', role: 'support' }],
  entitlements: [],
  clearances: [],
}
const given: IdentityPolicy = {
  ...closedIdentity,
  providers: { local: { audiences: ['x'], algorithms: ['ES256'], jwksUri: 'http://127.0.0.1/', ...mapping } },
  agents: { known: manifest, unknown: manifest },
}

const temporary = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'local-identity-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const options = (folder: string, agentCode: Readonly<Record<string, string>> = {}) => ({
  issuer,
  agentCode,
  engineKeyFile: join(folder, 'engine-key'),
})

test('the provider that comes with identity has the name that it has here, and its own keys', async t => {
  const folder = temporary(t)
  const { identity } = await completeIdentity(folder, given, options(folder))
  assert.deepEqual(identity.providers, {
    [`${issuer}/oidc`]: {
      audiences: ['cordon-connect'],
      algorithms: ['ES256'],
      jwksUri: `${issuer}/oidc/jwks`,
      ...mapping,
    },
  })
})

test('code is vouched for as it stands on the disk, and no other; the keys stay, readable for their owner alone', async t => {
  const folder = temporary(t)
  const file = join(folder, 'agent.ts')
  writeFileSync(file, 'abc')
  const complete = () => completeIdentity(folder, given, options(folder, { known: file }))
  const { identity, attester } = await complete()
  const isBuilt = (agent: string, digest: string): boolean =>
    verifyProvenance(identity.agents[agent]!.provenance, identity.buildKeys, digest)
  // FIPS 180-2, B.1.
  assert.ok(isBuilt('known', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'))
  assert.ok(!isBuilt('known', manifest.promptDigest))
  assert.deepEqual(identity.agents['unknown']?.provenance, [])
  assert.deepEqual(identity.attesters['local']?.platforms, ['desk'])
  assert.equal(statSync(attester.keyFile).mode & 0o777, 0o600)
  assert.deepEqual((await complete()).identity.attesters, identity.attesters)
})

test('the engine of the stack is named in the bundle by the public half of its key, which lasts', async t => {
  const folder = temporary(t)
  const { identity } = await completeIdentity(folder, given, options(folder))
  const secret = Buffer.from(readFileSync(join(folder, 'engine-key'), 'utf8').trim(), 'base64url')
  assert.equal(identity.engines['local']?.x, openDownstreamKey(secret).publicJwk.x)
  assert.deepEqual(
    (await completeIdentity(folder, given, options(folder))).identity.engines,
    identity.engines,
  )
})

test('humans keep their passwords, which stand in a file for their owner alone', async t => {
  const folder = temporary(t)
  const me = { subject: 'me', name: 'You', email: 'me@company.example', groups: ['staff'] }
  const { passwords, passwordsFile, humansFile } = await prepareHumans(folder, [me])
  assert.ok(passwords['me']!.length >= 20)
  assert.equal(statSync(passwordsFile).mode & 0o777, 0o600)
  assert.doesNotMatch(readFileSync(humansFile, 'utf8'), new RegExp(passwords['me']!))
  assert.deepEqual((await prepareHumans(folder, [me])).passwords, passwords)
})
