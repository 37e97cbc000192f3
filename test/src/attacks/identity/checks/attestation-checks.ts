import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const judgeActorFile = 'services/identity/src/core/judge-actor.ts'
const jwtTimesFile = 'packages/attestation/src/jwt-times.ts'
const jwtFile = 'packages/attestation/src/jwt.ts'
const clientAttestationFile = 'packages/attestation/src/client-attestation.ts'
const registeredKeyFile = 'packages/attestation/src/registered-key.ts'
const attestationClaimsFile = 'packages/attestation/src/attestation-claims.ts'
const publicKeySchemaFile = 'packages/attestation/src/public-key-schema.ts'
const dsseFile = 'packages/attestation/src/dsse.ts'
const subjectOfGrantFile = 'services/identity/src/core/subject-of-basis.ts'
const automationGrantFile = 'packages/attestation/src/automation-grant.ts'
const grantClaimsFile = 'packages/attestation/src/grant-claims.ts'

const inAttestations = attacksIn('attestations.test.ts')
const inAutomations = attacksIn('automations.test.ts')

/** Of attestations and grants. */
export const attestationChecks: readonly AttackedCheck[] = [
  inAttestations(
    'rejects an attestation of other code than a build key vouches for',
    'provenance of code',
    judgeActorFile,
    'if (!verifyProvenance(manifest.provenance, policy.buildKeys, codeDigest))',
    'if (codeDigest === undefined)',
  ),
  inAttestations(
    'rejects a stolen attestation: it is for another key',
    'holder of an attestation',
    judgeActorFile,
    'if (attestation.holder !== holder)',
    'if (holder === undefined)',
  ),
  inAttestations(
    'rejects an expired attestation',
    'end of an attestation',
    jwtTimesFile,
    "if (now >= exp * 1000) return 'EXPIRED'",
  ),
  inAttestations(
    'rejects an attestation of the future',
    'beginning of an attestation',
    jwtTimesFile,
    "if (iat * 1000 > now + clockSkewMs) return 'ISSUED_IN_FUTURE'",
  ),
  inAttestations(
    'rejects an attestation that lives longer than an hour',
    'longest life of an attestation',
    jwtTimesFile,
    "if (exp - iat > maxLifeSeconds) return 'LIFE_TOO_LONG'",
  ),
  inAttestations(
    'rejects an unknown attester, under its own kid and under ours',
    'signature of an attestation',
    jwtFile,
    "if (!key.verifies(jws.signed, jws.signature)) return refused('SIGNATURE_WRONG')",
  ),
  inAttestations(
    'rejects an attester that vouches for a platform that is not its own',
    'platforms of an attester',
    clientAttestationFile,
    "if (!attester.platforms.includes(claims.sub)) return refused('PLATFORM_REFUSED')",
  ),
  inAttestations(
    'rejects an agent on another platform than its manifest has',
    'platform of a manifest',
    judgeActorFile,
    'if (manifest.platform !== platform)',
    'if (platform === undefined)',
  ),
  inAttestations(
    'rejects an attester that signs in the name of another',
    'key of an attester',
    registeredKeyFile,
    'thumbprintOf(party.key) === keyId',
    'keyId',
  ),
  inAttestations(
    'rejects a self-declared manifest: what an agent says of itself is no part of an attestation',
    'known claims of an attestation',
    attestationClaimsFile,
    '  .strictObject({\n    iss: text,',
    '  .object({\n    iss: text,',
  ),
  inAttestations(
    'rejects an agent that nobody registered, also one called as the human',
    'registered agents',
    judgeActorFile,
    'agentId !== directHuman && Object.hasOwn(policy.agents, agentId) ? policy.agents[agentId] : undefined',
    "policy.agents[agentId] ?? policy.agents['agent-7']",
  ),
  inAttestations(
    'rejects an attestation for another identity service, or for several',
    'audience of an attestation',
    clientAttestationFile,
    "if (claims.aud !== expected.audience) return refused('AUDIENCE_REFUSED')",
  ),
  inAttestations(
    'rejects algorithm confusion in an attestation: none, HS256 with the public key, ES256 for EdDSA',
    'alg of an attestation',
    jwtFile,
    "if (alg !== key.algorithm) return refused('ALGORITHM_REFUSED')",
  ),
  inAttestations(
    'rejects a key brought along with an attestation',
    'header parameters of an attestation',
    jwtFile,
    "if (Object.keys(others).length > 0) return refused('HEADER_PARAMETER_REFUSED')",
  ),
  inAttestations(
    'rejects typ values swapped: every other kind of token as an attestation',
    'typ of an attestation',
    jwtFile,
    "if (typ !== expected.type) return refused('TYPE_REFUSED')",
  ),
  inAttestations(
    'rejects an attestation whose key is given away with its private half',
    'members of the key in an attestation',
    publicKeySchemaFile,
    "z.strictObject({ kty: z.literal('OKP')",
    "z.object({ kty: z.literal('OKP')",
  ),
  inAttestations(
    'rejects a statement about code that no build key signed',
    'signature of a statement about code',
    dsseFile,
    'return key !== undefined && signature !== undefined && isEnvelopeSignature(key, signed, signature)',
    'return key !== undefined && signature !== undefined',
  ),
  inAutomations(
    'rejects a grant in the name of another sponsor',
    'key of a sponsor',
    registeredKeyFile,
    'thumbprintOf(party.key) === keyId',
    'keyId',
  ),
  inAutomations(
    'rejects a grant that no sponsor signed',
    'signature of a grant',
    jwtFile,
    "if (!key.verifies(jws.signed, jws.signature)) return refused('SIGNATURE_WRONG')",
  ),
  inAutomations(
    'rejects an expired grant',
    'end of a grant',
    jwtTimesFile,
    "if (now >= exp * 1000) return 'EXPIRED'",
  ),
  inAutomations(
    'rejects a session that outlives its grant',
    'a session ends with its grant',
    subjectOfGrantFile,
    'until: grant.expiresAt,',
  ),
  inAutomations(
    'rejects a widened grant: tools that it does not have',
    'tools of a grant',
    subjectOfGrantFile,
    '{ by: `the grant of ${grant.sponsor}`, tools: grant.tools },',
  ),
  inAutomations(
    'rejects a grant of tools that the sponsor may not use',
    'tools of a sponsor',
    subjectOfGrantFile,
    '{ by: `the sponsor ${grant.sponsor}`, tools: sponsor.tools },',
  ),
  inAutomations(
    'rejects a grant for another agent',
    'agent of a grant',
    subjectOfGrantFile,
    'onlyAgent: { agentId: grant.agentId, mayDelegate: grant.mayDelegate === true },',
  ),
  inAutomations(
    'rejects a grant for another identity service',
    'audience of a grant',
    automationGrantFile,
    "if (claims.aud !== expected.audience) return refused('AUDIENCE_REFUSED')",
  ),
  inAutomations(
    'rejects a grant that lives longer than a quarter, and one of the future',
    'longest life of a grant',
    jwtTimesFile,
    "if (exp - iat > maxLifeSeconds) return 'LIFE_TOO_LONG'",
  ),
  inAutomations(
    'rejects typ values swapped: an attestation as a grant',
    'typ of a grant',
    jwtFile,
    "if (typ !== expected.type) return refused('TYPE_REFUSED')",
  ),
  inAutomations(
    'rejects a grant that claims more than grants can say',
    'known claims of a grant',
    grantClaimsFile,
    '  .strictObject({',
    '  .object({',
  ),
]
