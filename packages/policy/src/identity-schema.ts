import { z } from 'zod'

import type { IdentityPolicy } from './identity-policy.ts'
import { toolNamePattern } from './tool-name.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

const text = z.string().min(1).max(512)
const digest = z.string().regex(/^[0-9a-f]{64}$/, { error: 'SHA-256 in 64 hexadecimal digits' })
const coordinate = z.string().regex(/^[\w-]{43}$/, { error: '32 bytes in base64url' })
const tools = z.array(z.string().regex(toolNamePattern, { error: '"server/tool" or "server/*"' })).max(1000)
const clearance = z.literal([0, 1, 2, 3])

const engineKeySchema = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: coordinate })

const publicKeySchema = z.discriminatedUnion('kty', [
  engineKeySchema,
  z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
])

const claimMatch = { claim: text, value: text }

const providerSchema = z
  .strictObject({
    prefix: z
      .string()
      .regex(/^[a-z\d-]{1,32}:$/, { error: 'up to 32 small letters, digits or "-", and a colon' })
      .exactOptional(),
    audiences: z.array(text).min(1),
    directAudiences: z.array(text).exactOptional(),
    jwksUri: z.url({ protocol: /^https?$/ }).exactOptional(),
    jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1) }).exactOptional(),
    algorithms: z.array(z.enum(['RS256', 'PS256', 'ES256', 'EdDSA'])).min(1),
    roles: z.array(z.strictObject({ ...claimMatch, role: text })).default([]),
    entitlements: z.array(z.strictObject({ ...claimMatch, tools })).default([]),
    clearances: z.array(z.strictObject({ ...claimMatch, clearance })).default([]),
  })
  .refine(({ jwks, jwksUri }) => (jwks === undefined) !== (jwksUri === undefined), {
    error: 'either jwks or jwksUri',
  })
  .refine(({ audiences, directAudiences = [] }) => directAudiences.every(each => audiences.includes(each)), {
    error: 'directAudiences that are among audiences',
  })

const sponsorSchema = z.strictObject({ key: publicKeySchema, human: text, role: text, tools, clearance })

const envelopeSchema = z.strictObject({
  payloadType: text,
  payload: z.base64(),
  signatures: z
    .array(z.strictObject({ keyid: text, sig: z.base64() }))
    .min(1)
    .max(16),
})

const manifestSchema = z.strictObject({
  version: text,
  platform: text,
  deployer: text,
  model: text,
  promptDigest: digest,
  tools,
  maxDelegationDepth: z.number().int().min(0).max(4).default(0),
  provenance: z.array(envelopeSchema).max(16),
})

const millisecondsSchema = z.number().int().min(1000)

const limitsSchema = z.strictObject({
  // A working day: work that goes on tomorrow is another session.
  sessionLifeMs: millisecondsSchema.max(7 * 24 * hourMs).default(8 * hourMs),
  idleMs: millisecondsSchema.max(24 * hourMs).default(hourMs),
  renewalGraceMs: millisecondsSchema.max(hourMs).default(2 * minuteMs),
})

// The first colon ends a prefix, so that no two providers can name the same human.
const haveNamesApart = (providers: IdentityPolicy['providers']): boolean => {
  const prefixes = Object.values(providers).map(({ prefix }) => prefix)
  return prefixes.length < 2 || (!prefixes.includes(undefined) && new Set(prefixes).size === prefixes.length)
}

/** Unknown keys are refused, as everywhere in the bundle. Nobody is known by default. */
export const identityPolicySchema: z.ZodType<IdentityPolicy> = z.strictObject({
  providers: z
    .record(text, providerSchema)
    .refine(haveNamesApart, { error: 'a prefix of its own for each of several providers' })
    .default({}),
  sponsors: z.record(text, sponsorSchema).default({}),
  agents: z.record(text, manifestSchema).default({}),
  deployers: z.record(text, z.strictObject({ tools })).default({}),
  attesters: z
    .record(text, z.strictObject({ key: publicKeySchema, platforms: z.array(text).min(1) }))
    .default({}),
  buildKeys: z.record(text, publicKeySchema).default({}),
  engines: z.record(text, engineKeySchema).default({}),
  limits: limitsSchema.prefault({}),
})

/** What is in force where the bundle says nothing: nobody is known, so no session opens. */
export const closedIdentity: IdentityPolicy = identityPolicySchema.parse({})
