export type {
  Bundle,
  CatalogueEntry,
  FailSafe,
  RateLimit,
  ResourceExtractor,
  ResourceSyntax,
  Role,
  Thresholds,
} from './bundle.ts'
export { loadBundleFile } from './bundle-file.ts'
export type { BundleSource } from './bundle-source.ts'
export { findCatalogueEntry, hasServer, isSensitive, pinsOf } from './catalogue.ts'
export type {
  Attester,
  ClaimMatch,
  Clearance,
  Deployer,
  DsseEnvelope,
  EngineJwk,
  IdentityLimits,
  IdentityPolicy,
  IdentityProvider,
  Manifest,
  PublicKeyJwk,
  Sponsor,
} from './identity-policy.ts'
export { closedIdentity } from './identity-schema.ts'
export type { ArgumentEvidence } from './inferred-entry.ts'
export { inferCatalogueEntry } from './inferred-entry.ts'
export type { PolicyErrorCode } from './parse-bundle.ts'
export { parseBundle } from './parse-bundle.ts'
export { toolNamePattern } from './tool-name.ts'
