import { constants, type KeyObject, verify } from 'node:crypto'

/** Signature algorithms of RFC 7518 §3.1 and RFC 8037 §3.1 that anything here may be signed with. */
export type JwsAlgorithm = 'EdDSA' | 'ES256' | 'RS256' | 'PS256'

// Below this RSA is refused (RFC 7518 §3.3).
const leastModulusBits = 2048
const es256SignatureBytes = 64

/** What a key can verify: the algorithm follows from the key, never from who shows a signature. */
export const algorithmsOf = (key: KeyObject): readonly JwsAlgorithm[] => {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ed25519') return ['EdDSA']
  // OpenSSL's name for P-256.
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return ['ES256']
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= leastModulusBits) return ['RS256', 'PS256']
  return []
}

/** @param signature in the form of JWS: of ES256 r ‖ s (RFC 7518 §3.4) */
export const isSignedWith = (
  algorithm: JwsAlgorithm,
  key: KeyObject,
  bytes: Buffer,
  signature: Buffer,
): boolean => {
  switch (algorithm) {
    case 'EdDSA':
      return verify(null, bytes, key, signature)
    case 'ES256':
      return (
        signature.length === es256SignatureBytes &&
        verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature)
      )
    case 'RS256':
      return verify('sha256', bytes, { key, padding: constants.RSA_PKCS1_PADDING }, signature)
    case 'PS256':
      return verify(
        'sha256',
        bytes,
        {
          key,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        },
        signature,
      )
  }
}
