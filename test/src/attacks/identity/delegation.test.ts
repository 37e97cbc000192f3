import assert from 'node:assert/strict'
import { test } from 'node:test'

import { generateHolderKey } from '@cordon/tokens'

import { decoded } from './crafted.ts'
import { detailsOf, openOutside, opens, type Outside, refuses, type Told } from './outside.ts'

// The attacker is an agent, or holds its token, and has a sub-agent do what it may not do itself.

/** A session of alice's agent with two tools. */
const parentOf = async ({ exchange }: Outside): Promise<{ token: string; refreshToken: string }> =>
  opens(await exchange({ form: { authorization_details: detailsOf('files/read_file') } }))

test('rejects scope growth through a sub-agent: more than its parent was granted', async context => {
  const outside = await openOutside(context)
  const { token } = opens(
    await outside.exchange({ form: { authorization_details: detailsOf('files/write_file') } }),
  )
  refuses(await outside.delegate(token), 'TOOLS_REFUSED')
  opens(await outside.delegate((await parentOf(outside)).token))
})

test('rejects scope growth through a sub-agent: more than its own manifest has', async context => {
  const outside = await openOutside(context)
  const { token } = opens(
    await outside.exchange({ form: { authorization_details: detailsOf('files/write_file') } }),
  )
  refuses(
    await outside.delegate(token, { form: { authorization_details: detailsOf('files/write_file') } }),
    'TOOLS_REFUSED',
  )
})

test('rejects an intent widened through a sub-agent: a hijacked agent says what its human asked for', async context => {
  const outside = await openOutside(context)
  const { token } = await parentOf(outside)
  const form = { declared_intent: 'send everything to mallory@evil.example' }
  refuses(await outside.delegate(token, { form }), 'INTENT_REFUSED')
  opens(await outside.delegate(token))
})

test('the sub-agent’s token names who delegated: the chain cannot be laundered away', async context => {
  const outside = await openOutside(context)
  const { token } = opens(await outside.delegate((await parentOf(outside)).token))
  const { sub, act } = decoded(token, 1) as { sub: string; act: { sub: string; act?: { sub: string } } }
  assert.equal(sub, 'alice')
  assert.match(act.sub, /^urn:cordon:agent:agent-8#/)
  assert.match(act.act?.sub ?? '', /^urn:cordon:agent:agent-7#/)
})

test('rejects actor laundering: a stolen parent token, without the parent’s key', async context => {
  const outside = await openOutside(context)
  const { token } = await parentOf(outside)
  const thief = generateHolderKey()
  refuses(await outside.delegate(token, { key: thief, parentKey: thief }), 'HOLDER_REFUSED')
})

test('rejects a parent’s proof that was made for another token of its', async context => {
  const outside = await openOutside(context)
  const { token } = await parentOf(outside)
  const proof = outside.prove(outside.key, { ath: 'AAAA' })
  refuses(await outside.delegate(token, { headers: { 'dpop-parent': proof } }), 'PROOF_INVALID')
  refuses(
    await outside.delegate(token, { headers: { 'dpop-parent': outside.prove(outside.key) } }),
    'PROOF_INVALID',
  )
})

test('rejects actor laundering: an agent that goes on as its human, without an attestation', async context => {
  const outside = await openOutside(context)
  const { token } = await parentOf(outside)
  const form = { actor_token: undefined, actor_token_type: undefined }
  refuses(await outside.delegate(token, { form }), 'ACTOR_REFUSED')
})

test('rejects a delegation that is deeper than the manifest allows', async context => {
  const outside = await openOutside(context)
  const first = generateHolderKey()
  const second = opens(await outside.delegate((await parentOf(outside)).token, { key: first }))
  const key = generateHolderKey()
  // Agent-8 may have one agent between it and the human.
  refuses(await outside.delegate(second.token, { key, parentKey: first }), 'DELEGATION_TOO_DEEP')
  const actor_token = outside.attestation(key, { agent: 'agent-0' })
  refuses(
    await outside.delegate(second.token, { key, parentKey: first, form: { actor_token } }),
    'DELEGATION_TOO_DEEP',
  )
})

test('rejects a sub-agent of an agent whose manifest lets it hand nothing on', async context => {
  const outside = await openOutside(context)
  const actor_token = outside.attestation(outside.key, { agent: 'agent-0' })
  const { token } = opens(await outside.exchange({ form: { actor_token } }))
  refuses(await outside.delegate(token), 'DELEGATION_TOO_DEEP')
})

test('rejects a sub-agent of a session that has ended', async context => {
  const outside = await openOutside(context)
  const { token } = await parentOf(outside)
  const { standings } = outside.identity.scorer
  for (const sessionId of standings.keys()) standings.set(sessionId, 'ended')
  refuses(await outside.delegate(token), 'SESSION_ENDED')
})

test('rejects a sub-agent of a suspended session', async context => {
  const outside = await openOutside(context)
  const { token } = await parentOf(outside)
  const { standings } = outside.identity.scorer
  for (const sessionId of standings.keys()) standings.set(sessionId, 'suspended')
  refuses(await outside.delegate(token), 'SESSION_SUSPENDED')
})

test('rejects a sub-agent of an agent that the kill switch has stopped, a new one and one that renews', async context => {
  const outside = await openOutside(context)
  const parent = await parentOf(outside)
  const key = generateHolderKey()
  const child = opens(await outside.delegate(parent.token, { key }))
  const renew = async (): Promise<Told> => {
    const actor_token = outside.attestation(key, { agent: 'agent-8' })
    return outside.renew(child.refreshToken, { key, form: { actor_token } })
  }
  opens(await renew())
  const [parentId] = outside.identity.scorer.standings.keys()
  for (const scope of ['agent:agent-7', `session:${parentId ?? ''}`]) {
    await outside.operate('POST', '/revocations', { scope, reason: 'a drill' })
    refuses(await outside.delegate(parent.token), 'REVOKED')
    refuses(await renew(), 'REVOKED')
    await outside.operate('DELETE', `/revocations/${encodeURIComponent(scope)}`)
  }
  opens(await renew())
})

test('rejects a sub-agent that outlives its parent', async context => {
  const outside = await openOutside(context)
  const parent = await parentOf(outside)
  outside.identity.clock.advance(4 * 60_000)
  const child = opens(await outside.delegate(parent.token))
  const renewed = opens(await outside.renew(parent.refreshToken))
  assert.equal(child.body['ends_at'], renewed.body['ends_at'])
})

test('rejects an expired token as a parent’s', async context => {
  const outside = await openOutside(context)
  const { token } = await parentOf(outside)
  outside.identity.clock.advance(5 * 60_000)
  refuses(await outside.delegate(token), 'SUBJECT_REFUSED')
})

test('rejects a human’s own session as a parent: there is no agent to delegate', async context => {
  const outside = await openOutside(context)
  const { token } = opens(await outside.exchange({ form: outside.directly() }))
  refuses(await outside.delegate(token), 'SUBJECT_REFUSED')
})
