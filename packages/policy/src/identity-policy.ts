/** Who may be whom: what identity grants sessions by. */
export interface IdentityPolicy {
  /** OpenID providers whose humans may sign in, by issuer (`iss`). */
  readonly providers: Readonly<Record<string, IdentityProvider>>
  /** Humans who may grant automations, by the name that the grant's `iss` has. */
  readonly sponsors: Readonly<Record<string, Sponsor>>
  /** Registered agents: the manifest comes from here, never from the agent itself. */
  readonly agents: Readonly<Record<string, Manifest>>
  /** Who runs agents, and which tools they may ever use there. */
  readonly deployers: Readonly<Record<string, Deployer>>
  /** Who may vouch for running code, by `iss` of the client attestation. */
  readonly attesters: Readonly<Record<string, Attester>>
  /** Whose signature under an in-toto statement counts, by key id. */
  readonly buildKeys: Readonly<Record<string, PublicKeyJwk>>
  /** The engines' own keys (`CORDON_ENGINE_KEY_FILE`), by name: each says which keys sign its call tokens, and identity publishes those. */
  readonly engines: Readonly<Record<string, EngineJwk>>
  readonly limits: IdentityLimits
}

export type EngineJwk = Extract<PublicKeyJwk, { kty: 'OKP' }>

/** A public key as RFC 7517 has it: Ed25519 or P-256, nothing private. */
export type PublicKeyJwk =
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }

export interface IdentityProvider {
  /** Stands before each `sub` in the names of its humans, as `corp:`; each of several providers needs one. */
  readonly prefix?: string
  /** `aud` of its ID tokens: Cordon's client ids there. */
  readonly audiences: readonly string[]
  /** Those of them whose humans may use tools themselves, without an agent; absent: none. Whoever has such an ID token is bound by no manifest. */
  readonly directAudiences?: readonly string[]
  /** Where its keys are; absent where they stand here. */
  readonly jwksUri?: string
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] }
  readonly algorithms: readonly ('RS256' | 'PS256' | 'ES256' | 'EdDSA')[]
  /** What its claims mean here; the first match gives the role. */
  readonly roles: readonly (ClaimMatch & { readonly role: string })[]
  /** All that match are added up. */
  readonly entitlements: readonly (ClaimMatch & { readonly tools: readonly string[] })[]
  /** The highest that matches; none is clearance 0. */
  readonly clearances: readonly (ClaimMatch & { readonly clearance: Clearance })[]
}

/** A claim that is this text, or a list that holds it. */
export interface ClaimMatch {
  readonly claim: string
  readonly value: string
}

/** The highest sensitivity of a tool that a human may use. */
export type Clearance = 0 | 1 | 2 | 3

export interface Sponsor {
  readonly key: PublicKeyJwk
  readonly human: string
  readonly role: string
  readonly tools: readonly string[]
  readonly clearance: Clearance
}

export interface Manifest {
  readonly version: string
  readonly platform: string
  readonly deployer: string
  readonly model: string
  /** SHA-256 of the system prompt, hexadecimal. */
  readonly promptDigest: string
  /** `server/tool` or `server/*`. */
  readonly tools: readonly string[]
  /**
   * How many agents may stand between the human and whoever acts, in any chain that it has a part in; 0: it acts for the human itself
   * only, and hands nothing on.
   */
  readonly maxDelegationDepth: number
  /** DSSE envelopes of in-toto statements: one of them has to name the digest of the code that runs. */
  readonly provenance: readonly DsseEnvelope[]
}

/** https://github.com/secure-systems-lab/dsse, envelope.md. */
export interface DsseEnvelope {
  readonly payloadType: string
  /** Base64. */
  readonly payload: string
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
}

export interface Deployer {
  readonly tools: readonly string[]
}

export interface Attester {
  readonly key: PublicKeyJwk
  /** The platforms (`sub` of the attestation) that it may vouch for. */
  readonly platforms: readonly string[]
}

export interface IdentityLimits {
  /** How long a session lives at most. */
  readonly sessionLifeMs: number
  /** Without a call for this long a session ends. */
  readonly idleMs: number
  /** After its last token expired without renewal, a session ends this much later. */
  readonly renewalGraceMs: number
}
