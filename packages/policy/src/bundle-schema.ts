import { definitionDigestPattern } from '@cordon/foundation'
import { z } from 'zod'

import type { Bundle } from './bundle.ts'
import { identityPolicySchema } from './identity-schema.ts'
import { toolNamePattern } from './tool-name.ts'

const millisecondsSchema = z.number().int().positive().max(60_000)

const extractorSchema = z.strictObject({
  kind: z.enum(['other', 'table', 'path', 'host', 'recipient', 'account']),
  argument: z.string().min(1),
  syntax: z.enum(['plain', 'sql', 'url', 'path', 'email']).default('plain'),
})

const entrySchema = z.strictObject({
  readOnly: z.boolean(),
  sensitivity: z.literal([0, 1, 2, 3]),
  mode: z.enum(['enforce', 'monitor', 'gate']),
  resources: z.array(extractorSchema).default([]),
  definition: z
    .string()
    .regex(definitionDigestPattern, { error: '22 characters of base64url' })
    .exactOptional(),
})

const thresholdsSchema = z
  .strictObject({ verify: z.number().positive(), readOnly: z.number(), suspend: z.number() })
  .refine(({ verify, readOnly, suspend }) => verify <= readOnly && readOnly <= suspend, {
    error: 'verify <= readOnly <= suspend',
  })

const shareSchema = z.number().gt(0).lt(1)

const falseAlarmsSchema = z
  .strictObject({ verify: shareSchema, readOnly: shareSchema, suspend: shareSchema })
  .refine(({ verify, readOnly, suspend }) => suspend <= readOnly && readOnly <= verify, {
    error: 'suspend <= readOnly <= verify',
  })

const failSafeSchema = z.strictObject({
  staleAfterMs: millisecondsSchema.default(5000),
  gateTimeoutMs: millisecondsSchema.default(250),
  recordTimeoutMs: millisecondsSchema.default(2000),
  whenStale: z.enum(['deny-sensitive', 'deny-all']).default('deny-sensitive'),
  whenUnrecorded: z.enum(['deny-sensitive', 'deny-all']).default('deny-sensitive'),
})

const callsSchema = z.number().int().positive().max(1_000_000)

const rateLimitSchema = z.strictObject({
  callsPerSecond: callsSchema.default(100),
  burst: callsSchema.default(300),
})

const decisionKeysSchema = z
  .array(
    z.strictObject({
      keyId: z.string().min(1).max(64),
      publicKey: z.string().regex(/^[\w-]{43}$/, { error: '32 bytes in base64url' }),
    }),
  )
  .max(16)
  .refine(keys => new Set(keys.map(({ keyId }) => keyId)).size === keys.length, {
    error: 'a key id of its own for each key',
  })

const catalogueSchema = z
  .record(
    z.string().regex(toolNamePattern, { error: 'a key of the form "server/tool" or "server/*"' }),
    entrySchema,
  )
  .superRefine((catalogue, context) => {
    for (const [key, { definition }] of Object.entries(catalogue)) {
      if (key.endsWith('/*') && definition !== undefined)
        context.addIssue({ code: 'custom', path: [key, 'definition'], message: 'a pin of one tool alone' })
    }
  })

/** Unknown keys are refused: a misspelt `readonly` must not silently leave the default in force. */
export const bundleSchema: z.ZodType<Bundle> = z.strictObject({
  // Avro in JavaScript has no greater one, and the bundle’s stands in every attempt.
  version: z.number().int().positive().lt(Number.MAX_SAFE_INTEGER),
  catalogue: catalogueSchema,
  roles: z.record(z.string().min(1), z.strictObject({ priorLogit: z.number() })),
  thresholds: thresholdsSchema.exactOptional(),
  falseAlarms: falseAlarmsSchema.exactOptional(),
  failSafe: failSafeSchema.prefault({}),
  rateLimit: rateLimitSchema.prefault({}),
  decisionKeys: decisionKeysSchema.default([]),
  identity: identityPolicySchema.prefault({}),
  weights: z.record(z.string().min(1), z.number().nonnegative()).exactOptional(),
})
