// The order of P-256 (FIPS 186-5, SP 800-186 §3.2.1.3).
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

const scalarBytes = 32

const bytesOf = (scalar: bigint): Buffer =>
  Buffer.from(scalar.toString(16).padStart(2 * scalarBytes, '0'), 'hex')

const highestLow = bytesOf(order >> 1n)

/**
 * ECDSA verifies (r, n − s) wherever it verifies (r, s): anybody can write a second signature. Of both only the lower
 * counts, so that what is signed has one text.
 * @param signature r ‖ s, 64 bytes (RFC 7518 §3.4)
 */
export const hasLowS = (signature: Buffer): boolean =>
  signature.compare(highestLow, 0, scalarBytes, scalarBytes, 2 * scalarBytes) <= 0

/** The one of the two that `hasLowS`. */
export const withLowS = (signature: Buffer): Buffer => {
  if (hasLowS(signature)) return signature
  const s = BigInt(`0x${signature.toString('hex', scalarBytes, 2 * scalarBytes)}`)
  return Buffer.concat([signature.subarray(0, scalarBytes), bytesOf(order - s)])
}
