import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

// Tokens are put together by hand, so that what ours would write does not decide what ours refuse.

export type Claims = Readonly<Record<string, unknown>>

/** Text as it is, everything else as JSON. */
export const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** Whoever signs bytes: a key of ours, or of the attacker. */
export interface Signer {
  sign(bytes: Buffer): Buffer
}

export const craft = (header: unknown, payload: unknown, signer: Signer): string => {
  const signed = `${encoded(header)}.${encoded(payload)}`
  return `${signed}.${signer.sign(Buffer.from(signed)).toString('base64url')}`
}

// SP 800-186 §3.2.1.3.
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

const scalarOf = (signature: Buffer): bigint => BigInt(`0x${signature.toString('hex', 32)}`)

/** The other signature that verifies wherever this one does. */
export const secondSignature = (signature: Buffer): Buffer =>
  Buffer.concat([
    signature.subarray(0, 32),
    Buffer.from((order - scalarOf(signature)).toString(16).padStart(64, '0'), 'hex'),
  ])

/** ES256, with the lower of the two signatures. */
export const es256 = (key: KeyObject): Signer => ({
  sign: bytes => {
    const signature = sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })
    return scalarOf(signature) <= order / 2n ? signature : secondSignature(signature)
  },
})

/** Whose key nobody trusts. */
export const stranger = (): Signer => es256(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)

/** The same text with its claims or header changed, and the signature as it was. */
export const withPart = (token: string, part: 0 | 1, change: Claims): string => {
  const parts = token.split('.')
  parts[part] = encoded({ ...decoded(token, part), ...change })
  return parts.join('.')
}

export const decoded = (token: string, part: 0 | 1): Claims =>
  JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString('utf8')) as Claims

/** JSON with a member once more, at its end. */
export const repeating = (value: Claims, member: string, again: unknown): string =>
  `${JSON.stringify(value).slice(0, -1)},${JSON.stringify(member)}:${JSON.stringify(again)}}`
