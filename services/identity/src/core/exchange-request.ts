/** What the holder of a key asks for: a session, with a token for one of its servers. */
export interface ExchangeRequest {
  readonly subject: SubjectToken
  /** A client attestation; `undefined`: the human uses tools directly. */
  readonly actorToken: string | undefined
  /** The tool server that the answer's token is for. */
  readonly server: string
  /** `server/tool` or `server/*`, of all servers of the session. */
  readonly tools: readonly string[]
  readonly conversationId: string | null
  /** What the human asked for, in their own words; `undefined`: not declared. */
  readonly declaredIntent: string | undefined
  readonly proof: RequestProofs
}

/** Who is spoken for. */
export interface SubjectToken {
  /** An ID token of a provider, a sponsor's grant, or the token of the session whose agent asks for another. */
  readonly kind: 'human' | 'automation' | 'parent'
  readonly text: string
}

/** The headers that prove who asks. */
export interface RequestProofs {
  /** `DPoP`. */
  readonly holder: string
  /** `DPoP-Parent`: by the key of the parent session's token. */
  readonly parent: string | undefined
  /** `DPoP-Log-In`: by the key that the ID token's human logged in for, where it names one. */
  readonly logIn?: string | undefined
}

/** What the holder of a session asks for: a new token, of the same or another of its servers. */
export interface RenewalRequest {
  readonly refreshToken: string
  /** A fresh attestation; `undefined` where a human uses tools directly. */
  readonly actorToken: string | undefined
  readonly server: string
  readonly proof: RequestProofs
}
