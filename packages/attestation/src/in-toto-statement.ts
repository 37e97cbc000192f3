import type { DsseEnvelope } from '@cordon/policy'
import { parseStrictJsonObject } from '@cordon/tokens'
import { z } from 'zod'

import { AttestationError } from './attestation-error.ts'
import { signEnvelope } from './dsse.ts'
import type { VoucherKey } from './voucher-key.ts'

// https://github.com/in-toto/attestation/blob/main/spec/v1, with https://slsa.dev/provenance/v1 as its predicate.

/** `payloadType` of its envelope. */
export const statementPayloadType = 'application/vnd.in-toto+json'

/** A builder's word: I made these. */
export interface ProvenanceStatement {
  readonly subjects: readonly {
    readonly name: string
    /** SHA-256, hexadecimal. */
    readonly sha256: string
  }[]
  /** URI of who built. */
  readonly builder: string
  /** URI of how it was built. */
  readonly buildType: string
}

const text = z.string().min(1).max(1024)

// Members that are unknown do not matter, as the specification wants it. A statement of another predicate may say the
// opposite of what is asked here: a scan that failed names its subject too.
const statementSchema = z.object({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z
    .array(z.object({ name: text.optional(), digest: z.record(text, text) }))
    .min(1)
    .max(1000),
  predicateType: z.literal('https://slsa.dev/provenance/v1'),
  predicate: z.record(z.string(), z.unknown()).optional(),
})

/**
 * @param payload of an envelope whose signature was verified
 * @returns the SHA-256 digests of what was built, hexadecimal; none where the payload is no such statement
 */
export const builtDigests = (payload: Buffer): readonly string[] => {
  const { success, data } = statementSchema.safeParse(parseStrictJsonObject(payload.toString('utf8')))
  if (!success) return []
  return data.subject.flatMap(({ digest }) => digest['sha256'] ?? [])
}

/**
 * What a builder signs, for the `provenance` of a manifest.
 * @param keyName the key's name in the bundle's `buildKeys`
 * @throws AttestationError `STATEMENT_INVALID` where it names nothing, or no SHA-256
 */
export const signStatement = (
  statement: ProvenanceStatement,
  key: VoucherKey,
  keyName: string = key.keyId,
): DsseEnvelope => {
  if (statement.subjects.length === 0 || !statement.subjects.every(({ sha256 }) => isSha256(sha256)))
    throw new AttestationError(
      'STATEMENT_INVALID',
      `in-toto statement: expected subjects with a SHA-256 in 64 hexadecimal digits, got ${statement.subjects.length} subjects of another form`,
    )
  const payload = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: statement.subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: { buildType: statement.buildType, externalParameters: {} },
      runDetails: { builder: { id: statement.builder } },
    },
  }
  return signEnvelope(statementPayloadType, Buffer.from(JSON.stringify(payload), 'utf8'), key, keyName)
}

const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)
