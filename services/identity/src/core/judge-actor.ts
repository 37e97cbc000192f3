import { manifestHash, toolsDigest, verifyClientAttestation, verifyProvenance } from '@cordon/attestation'
import type { ClientAttestation } from '@cordon/attestation'
import type { Deployer, IdentityPolicy, Manifest } from '@cordon/policy'
import { directHuman } from '@cordon/tokens'

import { type Answer, granted, refused } from './refusal.ts'

/** An agent that runs attested code, as it is registered. */
export interface AttestedAgent {
  readonly attestation: ClientAttestation
  readonly manifest: Manifest
  readonly deployer: Deployer
  readonly manifestHash: string
  readonly toolsDigest: string
}

/**
 * Which agent it is that asks: an attester of the bundle vouches for platform, code and key; the key is the one that the
 * request was proved with; the manifest comes from the bundle; somebody trusted built the code.
 */
export const judgeActor = (
  text: string,
  policy: IdentityPolicy,
  facts: { readonly issuer: string; readonly holder: string; readonly now: number },
): Answer<AttestedAgent> => {
  const { issuer, holder, now } = facts
  const verified = verifyClientAttestation(text, { attesters: policy.attesters, audience: issuer, now })
  if (!verified.ok)
    return refused(
      'ACTOR_REFUSED',
      `actor_token: expected an attestation of an attester of the bundle, got ${verified.reason}`,
    )
  const { attestation } = verified
  if (attestation.holder !== holder)
    return refused(
      'HOLDER_REFUSED',
      'actor_token: expected an attestation for the key that proves the request, got one for another',
    )
  return judgeManifest(attestation, policy)
}

const judgeManifest = (attestation: ClientAttestation, policy: IdentityPolicy): Answer<AttestedAgent> => {
  const { agentId, platform, codeDigest } = attestation
  const manifest =
    agentId !== directHuman && Object.hasOwn(policy.agents, agentId) ? policy.agents[agentId] : undefined
  if (manifest === undefined)
    return refused('AGENT_UNKNOWN', `actor_token: expected a registered agent, got ${agentId}`)
  if (manifest.platform !== platform)
    return refused(
      'PLATFORM_REFUSED',
      `actor_token: expected agent ${agentId} on platform ${manifest.platform}, got ${platform}`,
    )
  const deployer = Object.hasOwn(policy.deployers, manifest.deployer)
    ? policy.deployers[manifest.deployer]
    : undefined
  if (deployer === undefined)
    return refused(
      'DEPLOYER_UNKNOWN',
      `manifest of ${agentId}: expected a registered deployer, got ${manifest.deployer}`,
    )
  if (!verifyProvenance(manifest.provenance, policy.buildKeys, codeDigest))
    return refused(
      'CODE_UNKNOWN',
      `actor_token: expected code that a build key of the bundle vouches for, got digest ${codeDigest}`,
    )
  return granted({
    attestation,
    manifest,
    deployer,
    manifestHash: manifestHash(agentId, manifest),
    toolsDigest: toolsDigest(manifest.tools),
  })
}
