import { hash } from 'node:crypto'

import { generateVoucherKeyPem, openVoucherKey, signStatement, type VoucherKey } from '@cordon/attestation'
import { type Bundle, parseBundle } from '@cordon/policy'

// The bundle of identity's tests, and the keys that it names.

export const provider = 'https://login.example'
/** The client whose humans may use tools without an agent. */
export const directClient = 'cordon-direct'
export const minuteMs = 60_000

export const attester: VoucherKey = openVoucherKey(generateVoucherKeyPem())
export const sponsor: VoucherKey = openVoucherKey(generateVoucherKeyPem())
const builder = openVoucherKey(generateVoucherKeyPem())
export const codeDigest: string = hash('sha256', 'the code', 'hex')

const provenance = [
  signStatement(
    {
      subjects: [{ name: 'agent', sha256: codeDigest }],
      builder: 'https://build.example',
      buildType: 'https://build.example/v1',
    },
    builder,
    'build',
  ),
]

const manifest = {
  version: '1.0.0',
  platform: 'desk',
  deployer: 'acme',
  model: 'model-1',
  promptDigest: hash('sha256', 'be helpful', 'hex'),
  tools: ['files/*', 'postgres/query'],
  maxDelegationDepth: 2,
  provenance,
}

/** What the bundle says where a test says nothing else. */
export const bundleText: object = {
  version: 3,
  catalogue: {
    'files/read_file': { readOnly: true, sensitivity: 1, mode: 'enforce' },
    'files/write_file': { readOnly: false, sensitivity: 2, mode: 'gate' },
    'files/wipe': { readOnly: false, sensitivity: 3, mode: 'gate' },
    'postgres/query': { readOnly: true, sensitivity: 1, mode: 'enforce' },
    'mail/send': { readOnly: false, sensitivity: 2, mode: 'gate' },
  },
  roles: { analyst: { priorLogit: -4 } },
  thresholds: { verify: 3, readOnly: 5, suspend: 7 },
  identity: {
    providers: {
      [provider]: {
        audiences: ['cordon-connect', directClient],
        directAudiences: [directClient],
        jwks: { keys: [{}] },
        algorithms: ['ES256'],
        roles: [{ claim: 'role', value: 'analyst', role: 'analyst' }],
        entitlements: ['files/*', 'postgres/query', 'mail/*', 'mail/send'].map(tool => ({
          claim: 'tools',
          value: tool,
          tools: [tool],
        })),
        clearances: ([1, 2, 3] as const).map(clearance => ({
          claim: 'clearance',
          value: String(clearance),
          clearance,
        })),
      },
    },
    sponsors: {
      operations: {
        key: sponsor.publicJwk,
        human: 'sue',
        role: 'analyst',
        tools: ['files/*', 'mail/send'],
        clearance: 2,
      },
    },
    agents: {
      'agent-7': manifest,
      'agent-8': { ...manifest, tools: ['files/read_file', 'mail/send'], maxDelegationDepth: 1 },
      'agent-0': { ...manifest, maxDelegationDepth: 0 },
    },
    deployers: { acme: { tools: ['files/*', 'postgres/*'] } },
    attesters: { prover: { key: attester.publicJwk, platforms: ['desk', 'shop'] } },
    buildKeys: { build: builder.publicJwk },
    limits: { sessionLifeMs: 60 * minuteMs, idleMs: 10 * minuteMs, renewalGraceMs: 2 * minuteMs },
  },
}

export const bundleOf = (text: object = bundleText): Bundle => parseBundle(JSON.stringify(text), 'fixture')
