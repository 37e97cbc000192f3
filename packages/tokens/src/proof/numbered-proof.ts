/** A proof that verified, as far as its single use is concerned. */
export interface NumberedProof {
  /** In compact form, of which each has one: there is no second spelling, and no second signature without the key. */
  readonly proof: string
  readonly sequence: number
  /** Milliseconds since the Unix epoch. */
  readonly issuedAt: number
  /** Of nonces, in which its nonce was accepted (`NonceEras.reached`). */
  readonly era: number
}
