import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import { createLocalSerde } from '@cordon/serde'
import type { TableOptions } from '@cordon/stream'
import {
  generateSigningKeyPem,
  type KeySet,
  openSigningKey,
  parseKeySet,
  type SigningKey,
  signRevocation,
} from '@cordon/tokens'

import { createRevocationTable } from '../core/revocation-table.ts'
import { principal, startAt } from '../session-fixture.ts'
import { openKafkaRevocations } from './kafka-revocations.ts'

const codec = createLocalSerde()
const issuer = 'https://identity.example'
const scope = 'human:alice'

let key: SigningKey
let stranger: SigningKey

before(async () => {
  key = await openSigningKey(generateSigningKeyPem())
  stranger = await openSigningKey(generateSigningKeyPem())
})

/** Records come in when the test says so. */
const open = async (held: readonly SigningKey[] = [key]) => {
  let options: TableOptions | undefined
  let keys: KeySet = parseKeySet({ keys: held.map(({ publicJwk }) => publicJwk) })
  const said: string[] = []
  const revocations = await openKafkaRevocations({
    client: {
      openTable(given) {
        options = given
        return Promise.resolve({
          caughtUp: Promise.resolve(),
          position: () => 0n,
          staleness: () => 0,
          maxStaleness: 0,
          failed: new Promise(() => undefined),
          close: () => Promise.resolve(),
        })
      },
    },
    codec,
    table: createRevocationTable(),
    issuer,
    keys: () => keys,
    onChanged: (change, { scope: about }) => said.push(`${change} ${about}`),
    onRefused: (cause, about) => said.push(`${cause} ${about}`),
    onKeyMissing: () => said.push('key missing'),
    onFault: () => said.push('fault'),
  })
  const arrive = (value: Buffer | null, about = scope): void =>
    options!.onRecord({
      topic: 'revocations',
      partition: 0,
      offset: 1n,
      timestamp: startAt,
      key: Buffer.from(about),
      value,
    })
  const state = (version: number, active: boolean, signer = key, about = scope): Buffer =>
    codec.encode('revocations', 'Revocation', {
      scope: about,
      statement: signRevocation(signer, issuer, {
        scope: about,
        active,
        version,
        issuedAt: startAt,
        by: 'operator',
        reason: 'a drill',
      }),
    })
  const rotate = (...next: readonly SigningKey[]): void => {
    keys = parseKeySet({ keys: next.map(({ publicJwk }) => publicJwk) })
    revocations.keysChanged()
  }
  return {
    revocations,
    arrive,
    state,
    said,
    rotate,
    isRevoked: () => revocations.revokedBy(principal, '') !== undefined,
  }
}

test('what identity says takes effect, and is lifted by it again', async () => {
  const { arrive, state, said, isRevoked } = await open()
  arrive(state(1, true))
  assert.equal(isRevoked(), true)
  arrive(state(2, false))
  assert.equal(isRevoked(), false)
  assert.deepEqual(said, [`revoked ${scope}`, `reinstated ${scope}`])
})

test('rejects a forged reinstatement, an old one shown again, another scope’s and a tombstone', async () => {
  const { arrive, state, said, isRevoked } = await open()
  arrive(state(1, false))
  arrive(state(2, true))
  arrive(state(9, false, { ...stranger, keyId: key.keyId }))
  arrive(state(1, false))
  arrive(codec.encode('revocations', 'Revocation', { scope, statement: 'a.b.c' }))
  const { statement } = codec.decode(state(8, false, key, 'human:bob')).value as { statement: string }
  arrive(codec.encode('revocations', 'Revocation', { scope, statement }))
  arrive(state(8, false, key, 'human:bob'))
  arrive(null)
  arrive(Buffer.from('garbage'))
  assert.equal(isRevoked(), true)
  assert.deepEqual(said, [
    `revoked ${scope}`,
    `forged ${scope}`,
    `replayed ${scope}`,
    `forged ${scope}`,
    `forged ${scope}`,
    'fault',
    'fault',
  ])
})

test('a statement by a newer key than those that are held waits for them', async () => {
  const { arrive, state, said, isRevoked, rotate } = await open()
  arrive(state(1, true, stranger))
  assert.deepEqual([isRevoked(), said], [false, ['key missing']])
  rotate(key, stranger)
  assert.deepEqual([isRevoked(), said], [true, ['key missing', `revoked ${scope}`]])
})

test('rejects a statement by a key that identity never had', async () => {
  const { arrive, state, said, isRevoked, rotate } = await open()
  arrive(state(1, true, stranger))
  rotate(key)
  assert.deepEqual([isRevoked(), said], [false, ['key missing', `forged ${scope}`]])
})
