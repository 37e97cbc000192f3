// The order of P-256 (FIPS 186-5, SP 800-186 §3.2.1.3).
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const highestLow = order >> 1n

const scalarBytes = 32

/**
 * ECDSA verifies (r, n − s) wherever it verifies (r, s): anybody can write a second signature. What we sign has the lower
 * of both, so that a token has one text.
 * @param signature r ‖ s, 64 bytes (RFC 7518 §3.4)
 */
export const hasLowS = (signature: Buffer): boolean => scalarOf(signature) <= highestLow

/** The one of the two that `hasLowS`. */
export const withLowS = (signature: Buffer): Buffer => {
  const s = scalarOf(signature)
  if (s <= highestLow) return signature
  const low = Buffer.from((order - s).toString(16).padStart(2 * scalarBytes, '0'), 'hex')
  return Buffer.concat([signature.subarray(0, scalarBytes), low])
}

const scalarOf = (signature: Buffer): bigint =>
  BigInt(`0x${signature.toString('hex', scalarBytes, 2 * scalarBytes)}`)
