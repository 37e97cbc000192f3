import { hash, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  generateVoucherKeyPem,
  issueAutomationGrant,
  issueClientAttestation,
  openVoucherKey,
  signStatement,
} from '@cordon/attestation'
import { parseAgentId } from '@cordon/foundation'

import { testSigner } from '../support/test-signer.ts'

/** `iss`: a name only, identity listens where the test asks. */
export const issuer = 'https://identity.example'
const attester = openVoucherKey(generateVoucherKeyPem())
const sponsor = openVoucherKey(generateVoucherKeyPem())
const builder = openVoucherKey(generateVoucherKeyPem())
const codeDigest = hash('sha256', 'the code of the agent', 'hex')

const manifest = {
  version: '1.0.0',
  platform: 'desk',
  deployer: 'acme',
  model: 'model-1',
  promptDigest: hash('sha256', 'be helpful', 'hex'),
  tools: ['files/*', 'postgres/*'],
  maxDelegationDepth: 2,
  provenance: [
    signStatement(
      {
        subjects: [{ name: 'agent', sha256: codeDigest }],
        builder: 'https://build.example',
        buildType: 'https://build.example/v1',
      },
      builder,
      'build',
    ),
  ],
}

const bundleOf = (limits: object): object => ({
  version: 1,
  catalogue: {
    'files/read_file': { readOnly: true, sensitivity: 1, mode: 'enforce' },
    'postgres/query': { readOnly: true, sensitivity: 1, mode: 'enforce' },
  },
  roles: { analyst: { priorLogit: -4 } },
  thresholds: { verify: 3, readOnly: 5, suspend: 7 },
  decisionKeys: [testSigner.key],
  identity: {
    sponsors: {
      operations: {
        key: sponsor.publicJwk,
        human: 'sue',
        role: 'analyst',
        tools: ['files/*', 'postgres/*'],
        clearance: 2,
      },
    },
    agents: { 'agent-7': manifest, 'agent-8': manifest },
    deployers: { acme: { tools: ['files/*', 'postgres/*'] } },
    attesters: { prover: { key: attester.publicJwk, platforms: ['desk'] } },
    buildKeys: { build: builder.publicJwk },
    limits,
  },
})

/** The files that stay when a process goes. */
export interface IdentityFiles {
  readonly folder: string
  readonly operatorSecret: string
  readonly variables: Readonly<Record<string, string>>
}

/**
 * @param limits of the bundle's identity section
 * @param connectionString of a PostgreSQL server; absent: the embedded database
 */
export const makeIdentityFiles = async (
  test: { after(close: () => Promise<void>): void },
  limits: object = {},
  connectionString?: string,
): Promise<IdentityFiles> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-test-identity-'))
  test.after(async () => rm(folder, { recursive: true, force: true }))
  const operatorSecret = 'the-secret-of-the-operators'
  await writeFile(join(folder, 'secret'), operatorSecret, { mode: 0o600 })
  await writeFile(join(folder, 'bundle.json'), JSON.stringify(bundleOf(limits)))
  const urlFile = join(folder, 'database-url')
  if (connectionString !== undefined) await writeFile(urlFile, connectionString, { mode: 0o600 })
  return {
    folder,
    operatorSecret,
    variables: {
      CORDON_OPERATOR_SECRET_FILE: join(folder, 'secret'),
      CORDON_IDENTITY_KEY_FILE: join(folder, 'key'),
      CORDON_FINGERPRINT_KEY_FILE: join(folder, 'fingerprint.key'),
      ...(connectionString === undefined
        ? { CORDON_IDENTITY_DATA_DIR: join(folder, 'data') }
        : { CORDON_IDENTITY_DATABASE_URL_FILE: urlFile }),
      CORDON_BUNDLE_FILE: join(folder, 'bundle.json'),
    },
  }
}

const tenMinutesMs = 600_000

/** An attestation of agent-7's code for a key. */
export const attest = (holderJwk: object, agent = 'agent-7'): string =>
  issueClientAttestation(
    {
      attester: 'prover',
      platform: 'desk',
      agentId: parseAgentId(agent),
      codeDigest,
      holderJwk: holderJwk as Parameters<typeof issueClientAttestation>[0]['holderJwk'],
      attestationId: randomUUID(),
      issuedAt: Date.now(),
      expiresAt: Date.now() + tenMinutesMs,
    },
    issuer,
    attester,
  )

/** Sue's word that agent-7 may work for her. */
export const grant = (): string =>
  issueAutomationGrant(
    {
      sponsor: 'operations',
      agentId: parseAgentId('agent-7'),
      tools: ['files/*', 'postgres/*'],
      grantId: randomUUID(),
      issuedAt: Date.now(),
      expiresAt: Date.now() + tenMinutesMs,
    },
    issuer,
    sponsor,
  )
