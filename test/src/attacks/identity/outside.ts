import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'

import { generateVoucherKeyPem, openVoucherKey, type VoucherKey } from '@cordon/attestation'
import {
  bundleOf,
  bundleText,
  codeDigest,
  type IdentityFixture,
  type IdentityFront,
  issuer,
  openIdentityFront,
  operatorSecret,
  provider,
} from '@cordon/identity/fixtures/front'
import { generateHolderKey, type HolderKey } from '@cordon/tokens'

import { type Claims, craft, es256, type Signer } from './crafted.ts'
import { takeDatabase } from './shared-database.ts'

const tokenUrl = `${issuer}/token`

/** What identity answered. */
export interface Told {
  readonly status: number
  readonly code: unknown
  readonly body: Claims
  readonly token: string
  readonly refreshToken: string
}

/** A request to the token endpoint; whatever is left out is right. */
export interface Asked {
  readonly key?: HolderKey
  /** Parameters that differ; `undefined` takes one out. */
  readonly form?: Readonly<Record<string, string | undefined>>
  /** Claims of the proof that differ. */
  readonly proof?: Claims
  readonly proofText?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Identity with a provider, an attester and a sponsor whose keys the test has. */
export interface Outside {
  readonly front: IdentityFront
  readonly identity: IdentityFixture
  /** Of alice's agent. */
  readonly key: HolderKey
  readonly attester: VoucherKey
  readonly sponsor: VoucherKey
  /** The OpenID provider's. */
  readonly signer: Signer
  /** The bundle in force, but for sections of `identity` that differ. */
  readonly useBundle: (change: Claims) => void
  /** Parameters of a human who uses tools without an agent, by a client that may. */
  readonly directly: () => Readonly<Record<string, string | undefined>>
  readonly idToken: (change?: Claims, header?: Claims, signer?: Signer) => string
  readonly attestation: (key: HolderKey, change?: Claims, header?: Claims, signer?: Signer) => string
  readonly grant: (change?: Claims, header?: Claims, signer?: Signer) => string
  readonly prove: (key: HolderKey, change?: Claims) => string
  readonly post: (path: string, body: string, headers: Readonly<Record<string, string>>) => Promise<Told>
  readonly exchange: (asked?: Asked) => Promise<Told>
  /** By the sponsor's grant. */
  readonly automate: (asked?: Asked) => Promise<Told>
  /** A sub-agent's: alice's agent hands its token on, and is there with its key. */
  readonly delegate: (parent: string, asked?: Asked & { readonly parentKey?: HolderKey }) => Promise<Told>
  readonly renew: (refreshToken: string, asked?: Asked) => Promise<Told>
  readonly operate: (method: string, path: string, body?: object, secret?: string) => Promise<number>
}

/** A session that opens as it should. */
export const opens = (told: Told): Told => {
  assert.equal(told.status, 200, JSON.stringify(told.body))
  return told
}

/** Nothing was given, and for this reason. */
export const refuses = (told: Told, ...codes: readonly unknown[]): void => {
  assert.equal(told.token, '', JSON.stringify(told.body))
  assert.ok(codes.includes(told.code), `expected ${codes.join(' or ')}, got ${JSON.stringify(told.body)}`)
}

export const detailsOf = (...tools: readonly string[]): string =>
  JSON.stringify(tools.map(identifier => ({ type: 'mcp_tool', identifier })))

const voucherOf = (): VoucherKey => openVoucherKey(generateVoucherKeyPem())

const tokenType = (name: string): string => `urn:ietf:params:oauth:token-type:${name}`

export const openOutside = async (context: TestContext): Promise<Outside> => {
  const database = await takeDatabase(context)
  const front = await openIdentityFront(database)
  context.after(async () => front.close())
  const { identity } = front
  const key = generateHolderKey()
  const [attester, sponsor] = [voucherOf(), voucherOf()]
  const providerKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signer = es256(providerKey.privateKey)
  const seconds = (): number => Math.floor(identity.clock.now() / 1000)

  const text = bundleText as {
    readonly identity: Claims & { readonly sponsors: { readonly operations: object } }
  }
  const useBundle: Outside['useBundle'] = change => {
    const { identity: policy } = text
    const ours = {
      ...policy,
      providers: { [provider]: providerOf(providerKey.publicKey.export({ format: 'jwk' })) },
      attesters: { prover: { key: attester.publicJwk, platforms: ['desk', 'shop'] } },
      sponsors: { operations: { ...policy.sponsors.operations, key: sponsor.publicJwk } },
    }
    identity.bundle = bundleOf({ ...text, identity: { ...ours, ...change } })
  }
  useBundle({})

  const prove: Outside['prove'] = (holder, change = {}) => {
    const claims = { jti: randomUUID(), htm: 'POST', htu: tokenUrl, iat: seconds(), ...change }
    return craft({ typ: 'dpop+jwt', alg: holder.algorithm, jwk: holder.publicJwk }, claims, holder)
  }

  const post: Outside['post'] = async (path, body, headers) => {
    const response = await fetch(`${front.url}${path}`, { method: 'POST', headers, body })
    const answer = await response.text()
    const said = answer.startsWith('{') ? (JSON.parse(answer) as Claims) : {}
    const textOf = (name: string): string => (typeof said[name] === 'string' ? said[name] : '')
    return {
      status: response.status,
      code: said['code'] ?? said['error'] ?? said['err'],
      body: said,
      token: textOf('access_token'),
      refreshToken: textOf('refresh_token'),
    }
  }

  const postForm = async (
    form: Readonly<Record<string, string | undefined>>,
    asked: Asked,
  ): Promise<Told> => {
    const given = Object.entries({ ...form, ...asked.form }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as [string, string]],
    )
    return post('/token', new URLSearchParams(given).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      dpop: asked.proofText ?? prove(asked.key ?? key, asked.proof),
      ...asked.headers,
    })
  }

  const idToken: Outside['idToken'] = (change = {}, header = {}, by = signer) => {
    const iat = seconds()
    const claims = {
      iss: provider,
      sub: 'alice',
      aud: 'cordon-connect',
      iat,
      exp: iat + 600,
      auth_time: iat - 5,
      sid: 's-1',
      groups: ['analysts'],
      ...change,
    }
    return craft({ alg: 'ES256', kid: 'provider', ...header }, claims, by)
  }

  const attestation: Outside['attestation'] = (holder, change = {}, header = {}, by = attester) => {
    const claims = {
      iss: 'prover',
      sub: 'desk',
      aud: issuer,
      iat: seconds(),
      exp: seconds() + 600,
      jti: randomUUID(),
      cnf: { jwk: holder.publicJwk },
      agent: 'agent-7',
      code_digest: codeDigest,
      ...change,
    }
    const typ = 'oauth-client-attestation+jwt'
    return craft({ typ, alg: attester.algorithm, kid: attester.keyId, ...header }, claims, by)
  }

  const grant: Outside['grant'] = (change = {}, header = {}, by = sponsor) => {
    const claims = {
      iss: 'operations',
      aud: issuer,
      iat: seconds(),
      exp: seconds() + 1_800,
      jti: randomUUID(),
      agent: 'agent-7',
      tools: ['files/read_file'],
      ...change,
    }
    return craft(
      { typ: 'cordon-grant+jwt', alg: sponsor.algorithm, kid: sponsor.keyId, ...header },
      claims,
      by,
    )
  }

  const formOf = (holder: HolderKey): Readonly<Record<string, string>> => ({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: idToken(),
    subject_token_type: tokenType('id_token'),
    actor_token: attestation(holder),
    actor_token_type: tokenType('jwt'),
    resource: 'urn:cordon:server:files',
    authorization_details: detailsOf('files/read_file'),
  })

  return {
    front,
    identity,
    key,
    attester,
    sponsor,
    signer,
    useBundle,
    directly: () => ({
      subject_token: idToken({ aud: 'cordon-direct' }),
      actor_token: undefined,
      actor_token_type: undefined,
    }),
    idToken,
    attestation,
    grant,
    prove,
    post,
    exchange: async (asked = {}) => postForm(formOf(asked.key ?? key), asked),
    automate: async (asked = {}) =>
      postForm(
        {
          ...formOf(asked.key ?? key),
          subject_token: grant(),
          subject_token_type: 'urn:cordon:token-type:automation-grant',
        },
        asked,
      ),
    delegate: async (parent, { parentKey = key, ...asked } = {}) => {
      const holder = asked.key ?? generateHolderKey()
      const ath = createHash('sha256').update(parent).digest('base64url')
      const form = {
        ...formOf(holder),
        subject_token: parent,
        subject_token_type: tokenType('access_token'),
        actor_token: attestation(holder, { agent: 'agent-8' }),
      }
      const headers = { 'dpop-parent': prove(parentKey, { ath }), ...asked.headers }
      return postForm(form, { ...asked, key: holder, headers })
    },
    renew: async (refreshToken, asked = {}) =>
      postForm(
        {
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
          resource: 'urn:cordon:server:files',
          actor_token: attestation(asked.key ?? key),
          actor_token_type: tokenType('jwt'),
        },
        asked,
      ),
    operate: async (method, path, body, secret = operatorSecret) => {
      const response = await fetch(`${front.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      })
      await response.text()
      return response.status
    },
  }
}

/** What its claims mean: analysts read files. */
const providerOf = (jwk: object): object => ({
  audiences: ['cordon-connect', 'cordon-direct'],
  directAudiences: ['cordon-direct'],
  jwks: { keys: [{ ...jwk, kid: 'provider', alg: 'ES256' }] },
  algorithms: ['ES256'],
  roles: [{ claim: 'groups', value: 'analysts', role: 'analyst' }],
  entitlements: [
    { claim: 'groups', value: 'analysts', tools: ['files/*', 'postgres/query'] },
    { claim: 'groups', value: 'mailers', tools: ['mail/send'] },
  ],
  clearances: [
    { claim: 'groups', value: 'analysts', clearance: 2 },
    { claim: 'groups', value: 'owners', clearance: 3 },
  ],
})
