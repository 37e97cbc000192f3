import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import {
  callKeyLeadMs,
  createDownstreamTokens,
  createKeyAnnouncer,
  openCallKeys,
  planCallKeys,
} from '@cordon/engine'
import { makeSessionId, parseAgentId } from '@cordon/foundation'
import {
  bundleOf,
  bundleText,
  issuer,
  openFrontDatabase,
  openIdentityFront,
} from '@cordon/identity/fixtures/front'
import { generateDownstreamSecret, openDownstreamKey, type SessionToken } from '@cordon/tokens'
import { createReceiver, type Receiver } from '@cordon/tokens/receiver'

const hourMs = 60 * 60_000
const actor = { agentId: parseAgentId('agent-7'), instance: 'run-1', platform: 'desk', model: 'model-1' }
const session = (expiresAt: number): SessionToken => ({
  sessionId: makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b'),
  human: 'alice',
  agentId: actor.agentId,
  actor,
  platform: 'desk',
  role: 'analyst',
  clearance: 2,
  server: 'files',
  tools: new Set(['files/*']),
  tokenId: 'token-1',
  transactionId: 'work-1',
  issuedAt: expiresAt - 300_000,
  expiresAt,
  authenticatedAt: expiresAt - 300_000,
  acr: '0',
  holder: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  status: { uri: `${issuer}/status/0`, index: 7 },
})

test('tool servers follow an engine’s keys from one address, through rotations and restarts, without a call refused', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-key-rotation-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const database = await openFrontDatabase()
  t.after(() => database.close())
  const front = await openIdentityFront(database)
  t.after(() => front.close())
  const { clock } = front.identity
  const own = openDownstreamKey(generateDownstreamSecret())
  const { kty, crv, x } = own.publicJwk
  const text = bundleText as { readonly identity: object }
  front.identity.bundle = bundleOf({
    ...text,
    identity: { ...text.identity, engines: { a: { kty, crv, x } } },
  })

  const startEngine = async () => {
    const keys = await openCallKeys({
      file: join(folder, 'call-keys.json'),
      clock,
      maxAgeMs: hourMs,
      announce: createKeyAnnouncer({ url: `${front.url}/engines/keys`, issuer, key: own, clock }),
      rules: { planCallKeys, leadMs: callKeyLeadMs },
      onAnnounced: outcome => assert.equal(outcome, 'accepted'),
      onFault: error => assert.fail(String(error)),
    })
    const tokens = createDownstreamTokens(issuer, keys)
    return { refresh: async () => keys.refresh(), tokens }
  }

  const url = `${front.url}/engines/jwks.json`
  const sources = { server: 'files', issuer: `${issuer}/engines`, statusList: 'none', clock } as const
  // One asks for keys when it meets one that it does not know; the other, of another make, every five minutes and no sooner.
  const eager = createReceiver({ ...sources, keys: { url } })
  const spentTokens = { spend: () => 'fresh' as const }
  const fetchKeys = async (): Promise<Receiver> => {
    const { keys } = (await (await fetch(url)).json()) as { readonly keys: readonly unknown[] }
    return createReceiver({ ...sources, keys: { keys }, spentTokens })
  }

  let engine = await startEngine()
  await engine.refresh()
  let patient = await fetchKeys()
  // So that keys take over while tokens are on their way.
  clock.advance(30_000)
  const signers = new Set<string>()
  for (let minute = 0; minute < 150; minute += 1) {
    if (minute % 5 === 3) patient = await fetchKeys()
    // Before a key is made, while it waits for its time, and after it took over.
    if (minute % 9 === 4) engine = await startEngine()
    await engine.refresh()
    const request = { method: 'tools/list' }
    const issue = (): string =>
      engine.tokens.issue(session(clock.now() + 300_000), { id: randomUUID(), ...request }, clock.now())
    const shown = [issue(), issue(), issue()]
    signers.add(shown[0]?.split('.')[0] ?? '')
    // A call may be under way for most of its token's life; whoever starts meanwhile has the keys of that time.
    clock.advance(30_000)
    await engine.refresh()
    clock.advance(29_000)
    for (const [index, receiver] of [eager, patient, await fetchKeys()].entries()) {
      const result = await receiver.verify(shown[index] ?? '', request)
      assert.ok(result.ok, `minute ${minute}: ${result.ok ? '' : result.reason}`)
    }
    clock.advance(1_000)
  }
  assert.ok(signers.size >= 3, `expected two rotations, got ${signers.size - 1}`)
})
