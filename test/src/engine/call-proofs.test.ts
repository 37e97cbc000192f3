import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'

import { createEngineClient, type EngineClient } from '@cordon/engine-socket'
import type { SessionId } from '@cordon/foundation'
import {
  type CallProofClaims,
  digestArguments,
  generateHolderKey,
  generateSigningKeyPem,
  openSigningKey,
  signCallProof,
  signRevocation,
} from '@cordon/tokens'
import { createReceiver } from '@cordon/tokens/receiver'

import { eventually } from '../support/eventually.ts'
import { openEngineWorld, type EngineWorld } from './engine-world.ts'

const url = 'https://proxy.example/mcp/files'
const args = { path: '/data/a' }

describe('an engine that is shown proofs', () => {
  let world: EngineWorld
  let asking: EngineClient
  const closers: (() => Promise<void>)[] = []
  before(async () => {
    world = await openEngineWorld({ after: close => closers.push(close) })
    asking = createEngineClient({ socketPath: world.socketPath })
    closers.push(() => asking.close())
    await eventually('a connection', () => asking.connected)
  })
  after(async () => {
    for (const close of closers.reverse()) await close()
  })

  /** The nonce that the engine gives whoever asks. */
  const nonceOf = async (token: string): Promise<string> =>
    (await asking.vouch({ token, server: 'files' })).nonce

  const proofOf = (token: string, nonce: string, claims: Partial<CallProofClaims> = {}): string =>
    signCallProof(world.holder, {
      tokenText: token,
      method: 'POST',
      url,
      nonce,
      issuedAt: Date.now(),
      sequence: 0,
      message: { server: 'files', tool: 'write_file', argumentsDigest: digestArguments(args) },
      proofId: randomUUID(),
      ...claims,
    })

  const call = async (token: string, proof: string, tool = 'write_file', changed: object = args) =>
    asking.authorize({
      token,
      proof,
      htm: 'POST',
      htu: url,
      server: 'files',
      tool,
      arguments: changed as Record<string, unknown>,
    })

  const counted = (reason: string): Promise<number> =>
    world.counted(`cordon_engine_calls_refused_total{reason="${reason}"}`)

  const denialsOf = (sessionId: SessionId): string[] =>
    world.scorer.events.flatMap(({ name, value }) =>
      name === 'InvocationDenied' && value.sessionId === sessionId ? [value.reason] : [],
    )

  /**
   * @input a call proof that was used before
   * @behaviour denied (`PROOF_REPLAYED`), on record; 401 with `error="invalid_dpop_proof"`; subscribers get a signal `proof_replayed`
   * @counter cordon_engine_calls_refused_total{reason="PROOF_REPLAYED"}
   */
  test('rejects a replayed proof, and says so to subscribers', async () => {
    const sessionId = await world.openSession()
    const token = await world.tokenOf(sessionId)
    const proof = proofOf(token, await nonceOf(token), { sequence: 7 })
    const first = await call(token, proof)
    assert.equal(first.verdict, 'forward')
    const before = await counted('PROOF_REPLAYED')
    assert.equal((await call(token, proof)).refusal?.reason, 'PROOF_REPLAYED')
    assert.equal(await counted('PROOF_REPLAYED'), before + 1)
    await eventually('the denial on record', () => denialsOf(sessionId).includes('PROOF_REPLAYED'))
    const kinds: string[] = []
    const table = await world.stream.openTable({
      topic: 'security-signals',
      maxWaitMs: 100,
      onRecord: ({ value }) => {
        const decoded = value === null ? undefined : world.codec.decode(value)
        if (decoded?.name === 'SecuritySignal' && decoded.value.sessionId === sessionId)
          kinds.push(decoded.value.kind)
      },
    })
    await eventually('the signal', () => kinds.includes('proof_replayed'))
    await table.close()
    const attempt = world.scorer.events.find(
      ({ name, value }) => name === 'InvocationAttempted' && value.invocationId === first.invocationId,
    )
    assert.ok(attempt?.name === 'InvocationAttempted')
    assert.deepEqual([attempt.value.proof, attempt.value.proofSequence], [proof, 7])
  })

  /**
   * @input a call proof of another tool, of other arguments, of another token, by another key, or none
   * @behaviour denied (`PROOF_INVALID`, `PROOF_MISSING`), on record; 401 with `error="invalid_dpop_proof"`
   * @counter cordon_engine_calls_refused_total{reason="PROOF_INVALID"}
   */
  test('rejects a proof of another call, of another token, and a stolen token without its key', async () => {
    const sessionId = await world.openSession()
    const token = await world.tokenOf(sessionId)
    const another = await world.tokenOf(sessionId)
    const nonce = await nonceOf(token)
    const before = await counted('PROOF_INVALID')
    const proof = proofOf(token, nonce)
    const stolen = signCallProof(generateHolderKey(), {
      tokenText: token,
      method: 'POST',
      url,
      nonce,
      issuedAt: Date.now(),
      sequence: 0,
      message: { server: 'files', tool: 'write_file', argumentsDigest: digestArguments(args) },
      proofId: 'p',
    })
    for (const answer of [
      await call(token, proof, 'send_mail'),
      await call(token, proof, 'write_file', { path: '/data/b' }),
      await call(another, proof),
      await call(token, stolen),
      await call(token, proofOf(token, nonce, { url: 'https://other.example/mcp/files' })),
      await call(token, proofOf(token, nonce, { issuedAt: Date.now() - 120_000 })),
    ])
      assert.equal(answer.refusal?.reason, 'PROOF_INVALID')
    assert.equal(await counted('PROOF_INVALID'), before + 6)
    assert.equal((await call(token, '')).refusal?.reason, 'PROOF_MISSING')
    assert.equal((await call(token, proof)).verdict, 'forward', 'and the good one is still good')
  })

  /**
   * @input a call proof with a number that no scorer follows, or no record holds: above 2^32 - 3
   * @behaviour denied (`PROOF_INVALID`), on record without it; 401 with `error="invalid_dpop_proof"`
   * @counter cordon_engine_calls_refused_total{reason="PROOF_INVALID"}
   */
  test('rejects a low read whose number would keep it off the record', async () => {
    const sessionId = await world.openSession()
    const token = await world.tokenOf(sessionId)
    const nonce = await nonceOf(token)
    const before = await counted('PROOF_INVALID')
    const message = { server: 'files', tool: 'read_file', argumentsDigest: digestArguments(args) }
    // No agent of ours signs such a number, so it is put into a good proof, which is signed again.
    const [header, payload] = proofOf(token, nonce, { message }).split('.') as [string, string]
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
    for (const seq of [2 ** 32 - 2, Number.MAX_SAFE_INTEGER]) {
      const said = Buffer.from(JSON.stringify({ ...claims, seq })).toString('base64url')
      const signature = world.holder.sign(Buffer.from(`${header}.${said}`)).toString('base64url')
      const { verdict, refusal } = await call(token, `${header}.${said}.${signature}`, 'read_file')
      assert.deepEqual([verdict, refusal?.reason], ['deny', 'PROOF_INVALID'])
    }
    assert.equal(await counted('PROOF_INVALID'), before + 2)
    await eventually('both denials on record', () => denialsOf(sessionId).length === 2)
    assert.equal((await call(token, proofOf(token, nonce, { message }), 'read_file')).verdict, 'forward')
  })

  test('rejects a proof for another replica, and for this engine before it was killed', async () => {
    const sessionId = await world.openSession()
    const token = await world.tokenOf(sessionId)
    const old = proofOf(token, await nonceOf(token), { sequence: 20 })
    await world.engine.kill()
    await world.restartEngine()
    await eventually('a connection', () => asking.connected)
    await eventually('the session to be known again', async () => {
      const { vouched } = await asking.vouch({ token, server: 'files' })
      return vouched
    })
    const refused = await call(token, old)
    assert.equal(refused.refusal?.reason, 'PROOF_NONCE')
    assert.equal((await call(token, proofOf(token, refused.nonce, { sequence: 20 }))).verdict, 'forward')
  })

  test('a tool server believes what the engine tells it of a call, once, and for no other', async () => {
    const sessionId = await world.openSession()
    const token = await world.tokenOf(sessionId)
    const { downstreamToken = '' } = await call(token, proofOf(token, await nonceOf(token)))
    const used = new Set<string>()
    const receiver = createReceiver({
      server: 'files',
      issuer: `${world.issuer}/engines`,
      keys: { url: `${world.engine.operationsUrl}/.well-known/jwks.json` },
      statusList: 'none',
      spentTokens: { spend: id => (used.has(id) ? 'spent' : used.add(id) && 'fresh') },
    })
    const request = { method: 'tools/call', tool: 'write_file', arguments: args }
    const other = { ...request, arguments: { path: '/data/b' } }
    assert.equal((await receiver.verify(downstreamToken, other)).ok, false)
    const verified = await receiver.verify(downstreamToken, request)
    assert.ok(verified.ok)
    assert.equal(verified.sessionId, sessionId)
    assert.equal((await receiver.verify(downstreamToken, request)).ok, false)
    assert.equal((await receiver.verify(token, request)).ok, false)
  })

  /**
   * @fault somebody other than identity writes into the topic of revocations
   * @behaviour nobody is stopped or let go; subscribers get a signal `revocation_forged`
   * @counter cordon_engine_revocations_refused_total{cause="forged"}
   */
  test('the kill switch stops a token that has not expired; a forged one stops nobody', async t => {
    const sessionId = await world.openSession()
    const token = await world.tokenOf(sessionId)
    const publisher = await world.stream.openPublisher()
    const scope = `session:${sessionId}`
    const state = async (active: boolean, version: number, key = world.identityKey): Promise<void> => {
      const issuedAt = Date.now()
      const statement = signRevocation(key, world.issuer, {
        scope,
        active,
        version,
        issuedAt,
        by: 'the test',
        reason: 'a drill',
      })
      const value = world.codec.encode('revocations', 'Revocation', { scope, statement })
      await publisher.publish([{ topic: 'revocations', partition: 0, key: scope, value }])
    }
    const reasonOf = async (): Promise<string | undefined> =>
      (await world.client.authorize({ token, server: 'files', tool: 'read_file', arguments: args })).refusal
        ?.reason
    const stranger = await openSigningKey(generateSigningKeyPem())
    const forged = 'cordon_engine_revocations_refused_total{cause="forged"}'
    const told: unknown[] = []
    const following = createEngineClient({ socketPath: world.socketPath, onChanged: id => told.push(id) })
    t.after(() => following.close())
    await eventually('a connection', () => following.connected)
    await following.vouch({ token, server: 'files' })
    await state(true, 1, { ...stranger, keyId: world.identityKey.keyId })
    await eventually('the forgery to be counted', async () => (await world.counted(forged)) === 1)
    assert.equal(await reasonOf(), undefined)
    assert.deepEqual(told, [])
    await state(true, 2)
    await eventually('the session to be stopped', async () => (await reasonOf()) === 'REVOKED')
    await eventually('enforcement points to be told that any session may be', () => told.length === 1)
    assert.deepEqual(told, [undefined])
    await eventually('that on record', () => denialsOf(sessionId).includes('REVOKED'))
    await state(false, 3)
    await eventually('it to go on', async () => (await reasonOf()) === undefined)
    await publisher.close()
  })
})
