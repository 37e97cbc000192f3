import type { PublicKeyJwk } from '@cordon/policy'
import { z } from 'zod'

const coordinate = z.string().regex(/^[\w-]{43}$/)

/** Exact members: what carries `d` is a private key on its way to strangers, and is refused. */
export const publicKeySchema: z.ZodType<PublicKeyJwk> = z.discriminatedUnion('kty', [
  z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: coordinate }),
  z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
])
