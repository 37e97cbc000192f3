import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { verifyClientAttestation } from '@cordon/attestation'
import { parseAgentId } from '@cordon/foundation'
import { generateHolderKey } from '@cordon/tokens'

import { digestFile, openAttester } from './attester.ts'

const makeFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-attester-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}
const now = 1_800_000_000_000
const audience = 'https://identity.example'

test('what it attests is accepted where its key is registered, for that holder and that code', async t => {
  const keyFile = join(await makeFolder(t), 'key')
  const attester = await openAttester({ keyFile, name: 'desk', platform: 'desk', clock: { now: () => now } })
  const holder = generateHolderKey()
  const codeDigest = 'ab'.repeat(32)
  const text = await attester.attest({ agentId: parseAgentId('agent-7'), codeDigest, audience })(
    holder.publicJwk,
  )
  const attesters = { desk: { key: attester.publicJwk, platforms: ['desk'] } }
  const result = verifyClientAttestation(text, { attesters, audience, now })
  assert.ok(result.ok)
  assert.equal(result.attestation.holder, holder.thumbprint)
  assert.equal(result.attestation.codeDigest, codeDigest)
  assert.equal(result.attestation.expiresAt, now + 300_000)
})

test('of several that start together one makes the key, and all have it', async t => {
  const folder = await makeFolder(t)
  const keyFile = join(folder, 'key')
  const opened = await Promise.all(
    [1, 2, 3, 4].map(() => openAttester({ keyFile, name: 'desk', platform: 'desk' })),
  )
  assert.equal(new Set(opened.map(({ publicJwk }) => JSON.stringify(publicJwk))).size, 1)
  assert.deepEqual(await readdir(folder), ['key'])
  assert.equal((await stat(keyFile)).mode & 0o777, 0o600)
})

/**
 * @input an attester key that other users of the machine may read, or a file that holds none
 * @behaviour nothing is attested: `expected mode 0600, got 0640: whoever reads it can vouch for any code`
 * @counter none: the attester does not open
 */
test('refuses a key that others may read, and a file that holds none, without repeating it', async t => {
  const keyFile = join(await makeFolder(t), 'key')
  await openAttester({ keyFile, name: 'desk', platform: 'desk' })
  await chmod(keyFile, 0o640)
  await assert.rejects(openAttester({ keyFile, name: 'desk', platform: 'desk' }), {
    code: 'ATTESTER_KEY_EXPOSED',
    message: /expected mode 0600, got 0640/,
  })
  await writeFile(keyFile, 'secret-looking text')
  await chmod(keyFile, 0o600)
  await assert.rejects(openAttester({ keyFile, name: 'desk', platform: 'desk' }), (error: Error) => {
    assert.ok('code' in error && error.code === 'VOUCHER_KEY_INVALID')
    return !error.message.includes('secret-looking')
  })
})

test('the digest of a file is its SHA-256', async t => {
  const path = join(await makeFolder(t), 'agent.mjs')
  await writeFile(path, 'abc')
  // FIPS 180-4, example of SHA-256.
  assert.equal(await digestFile(path), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
