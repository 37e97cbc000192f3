import { test } from 'node:test'

import { generateVoucherKeyPem, openVoucherKey } from '@cordon/attestation'

import { provider } from '@cordon/identity/fixtures/front'

import { detailsOf, openOutside, opens, refuses } from './outside.ts'

// The attacker runs an automation with a grant that no sponsor gave for it.

test('rejects a grant in the name of another sponsor', async context => {
  const { automate, grant, useBundle, sponsor } = await openOutside(context)
  opens(await automate())
  const other = openVoucherKey(generateVoucherKeyPem())
  const facts = { human: 'sue', role: 'analyst', tools: ['files/*'], clearance: 2 }
  useBundle({
    sponsors: {
      operations: { ...facts, key: sponsor.publicJwk },
      cleaning: { ...facts, tools: [], key: other.publicJwk },
    },
  })
  refuses(
    await automate({ form: { subject_token: grant({}, { kid: other.keyId }, other) } }),
    'SUBJECT_REFUSED',
  )
})

test('rejects a grant that no sponsor signed', async context => {
  const { automate, grant } = await openOutside(context)
  const own = openVoucherKey(generateVoucherKeyPem())
  for (const header of [{}, { kid: own.keyId }, { jwk: own.publicJwk }])
    refuses(await automate({ form: { subject_token: grant({}, header, own) } }), 'SUBJECT_REFUSED')
})

test('rejects an expired grant', async context => {
  const { automate, grant, identity } = await openOutside(context)
  const subject_token = grant()
  identity.clock.advance(1_800_000)
  refuses(await automate({ form: { subject_token } }), 'SUBJECT_REFUSED')
})

test('rejects a session that outlives its grant', async context => {
  const { automate, grant, renew, identity } = await openOutside(context)
  const exp = identity.clock.now() / 1000 + 240
  const { refreshToken } = opens(await automate({ form: { subject_token: grant({ exp }) } }))
  identity.clock.advance(240_000)
  refuses(await renew(refreshToken), 'SESSION_ENDED')
})

test('rejects a widened grant: tools that it does not have', async context => {
  const { automate } = await openOutside(context)
  const authorization_details = detailsOf('files/read_file', 'files/write_file')
  refuses(await automate({ form: { authorization_details } }), 'TOOLS_REFUSED')
})

test('rejects a grant of tools that the sponsor may not use', async context => {
  const { automate, grant } = await openOutside(context)
  const authorization_details = detailsOf('files/read_file', 'postgres/query')
  const subject_token = grant({ tools: ['files/read_file', 'postgres/query'] })
  refuses(await automate({ form: { subject_token, authorization_details } }), 'TOOLS_REFUSED')
})

test('rejects a grant for another agent', async context => {
  const { automate, grant } = await openOutside(context)
  refuses(await automate({ form: { subject_token: grant({ agent: 'agent-8' }) } }), 'SUBJECT_REFUSED')
})

test('rejects another agent that the grant’s agent hands its work on to', async context => {
  const { automate, delegate, grant } = await openOutside(context)
  refuses(await delegate(opens(await automate()).token), 'SUBJECT_REFUSED')
  const subject_token = grant({ delegation: true })
  opens(await delegate(opens(await automate({ form: { subject_token } })).token))
})

test('rejects an automation that goes on after its grant was withdrawn', async context => {
  const { automate, renew, operate, grant } = await openOutside(context)
  const subject_token = grant({ jti: 'g-1' })
  const { refreshToken } = opens(await automate({ form: { subject_token } }))
  await operate('POST', '/revocations', { scope: 'grant:g-1', reason: 'a drill' })
  refuses(await renew(refreshToken), 'REVOKED')
  refuses(await automate({ form: { subject_token } }), 'REVOKED')
})

test('rejects a grant whose name the kill switch could not take', async context => {
  const { automate, grant } = await openOutside(context)
  for (const jti of ['g-1 ', 'g\u200B', 'g\u0000', 'g\uD800'])
    refuses(await automate({ form: { subject_token: grant({ jti }) } }), 'SUBJECT_REFUSED')
})

test('rejects an automation of a sponsor whom the provider has ended everywhere', async context => {
  const { automate, renew, identity, front } = await openOutside(context)
  const { refreshToken } = opens(await automate())
  const ended = { provider, human: 'sue', humanSession: null, revokedAt: identity.clock.now() }
  await front.sessions.logOut({ ...ended, eventId: 'e-1' })
  refuses(await renew(refreshToken), 'SESSION_ENDED')
})

test('rejects a grant without an agent: no human is there to use tools', async context => {
  const { automate } = await openOutside(context)
  refuses(
    await automate({ form: { actor_token: undefined, actor_token_type: undefined } }),
    'ACTOR_REFUSED',
    'SUBJECT_REFUSED',
  )
})

test('rejects a grant for another identity service', async context => {
  const { automate, grant } = await openOutside(context)
  refuses(
    await automate({ form: { subject_token: grant({ aud: 'https://other.example' }) } }),
    'SUBJECT_REFUSED',
  )
})

test('rejects a grant that lives longer than a quarter, and one of the future', async context => {
  const { automate, grant, identity } = await openOutside(context)
  const now = identity.clock.now() / 1000
  for (const times of [{ exp: now + 90 * 86_400 + 1 }, { iat: now + 6 }])
    refuses(await automate({ form: { subject_token: grant(times) } }), 'SUBJECT_REFUSED')
})

test('rejects typ values swapped: an attestation as a grant', async context => {
  const { automate, grant, attestation, key } = await openOutside(context)
  for (const subject_token of [attestation(key), grant({}, { typ: 'oauth-client-attestation+jwt' })])
    refuses(await automate({ form: { subject_token } }), 'SUBJECT_REFUSED')
})

test('rejects a grant that claims more than grants can say', async context => {
  const { automate, grant } = await openOutside(context)
  for (const more of [{ clearance: 3 }, { role: 'admin' }, { sub: 'alice' }])
    refuses(await automate({ form: { subject_token: grant(more) } }), 'SUBJECT_REFUSED')
})
