import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { generateDownstreamSecret, openDownstreamKey, signEngineKeys } from '@cordon/tokens'

import { bundleOf, bundleText } from '../../bundle-fixture.ts'
import { type Answered, type HttpFixture, openHttpFixture } from '../../http-fixture.ts'
import { issuer } from '../../identity-fixture.ts'

let http: HttpFixture
before(async () => {
  http = await openHttpFixture()
})
after(async () => http.close())

const engineKey = openDownstreamKey(generateDownstreamSecret())

test('publishes the keys of the engines that the bundle names, as they announce them', async () => {
  const { kty, crv, x } = engineKey.publicJwk
  const text = bundleText as { readonly identity: object }
  const bundle = http.identity.bundle
  http.identity.bundle = bundleOf({
    ...text,
    identity: { ...text.identity, engines: { a: { kty, crv, x } } },
  })
  const callKey = openDownstreamKey(generateDownstreamSecret()).publicJwk
  const keys = [{ jwk: callKey, until: http.identity.clock.now() + 60_000 }]
  const statement = signEngineKeys(engineKey, issuer, { issuedAt: http.identity.clock.now(), keys })
  const announce = async (body: object): Promise<Answered> =>
    http.ask('POST', '/engines/keys', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  assert.equal((await announce({ statement })).status, 204)
  const published = await http.ask('GET', '/engines/jwks.json')
  assert.deepEqual([published.status, published.body], [200, { keys: [callKey] }])
  assert.equal(published.headers.get('cache-control'), 'public, max-age=60')
  http.identity.bundle = bundle
  assert.deepEqual((await http.ask('GET', '/engines/jwks.json')).body, { keys: [] })
})

/**
 * @input an announcement of engines' keys by somebody whom the bundle does not name, or of another deployment
 * @behaviour 403, and nothing is published
 * @counter cordon_identity_requests_rejected_total{code="ENGINE_KEYS_REFUSED"}
 */
test('rejects keys that a stranger announces as an engine’s', async () => {
  const before = await http.counted('cordon_identity_requests_rejected_total{code="ENGINE_KEYS_REFUSED"}')
  const keys = [{ jwk: engineKey.publicJwk, until: http.identity.clock.now() + 60_000 }]
  const statement = signEngineKeys(engineKey, issuer, { issuedAt: http.identity.clock.now(), keys })
  const headers = { 'content-type': 'application/json' }
  const told = await http.ask('POST', '/engines/keys', { headers, body: JSON.stringify({ statement }) })
  assert.deepEqual([told.status, told.body['error']], [403, 'ENGINE_KEYS_REFUSED'])
  assert.match(
    String(told.body['message']),
    /expected the key of an engine that the bundle names, got another/,
  )
  assert.deepEqual((await http.ask('GET', '/engines/jwks.json')).body, { keys: [] })
  assert.equal(
    await http.counted('cordon_identity_requests_rejected_total{code="ENGINE_KEYS_REFUSED"}'),
    before + 1,
  )
})
