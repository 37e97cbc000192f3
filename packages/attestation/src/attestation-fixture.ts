import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

import type { PublicKeyJwk } from '@cordon/policy'

import { publicKeySchema } from './public-key-schema.ts'
import { generateVoucherKeyPem, openVoucherKey, type VoucherKey } from './voucher-key.ts'

// For tests: documents are put together by hand, so that what an issuer writes does not decide what a verifier refuses.

export const base64url = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A JWT with any header and any payload, signed as the key signs. */
export const makeJwt = (header: unknown, payload: unknown, key: KeyObject): string => {
  const signed = `${base64url(header)}.${base64url(payload)}`
  const signature =
    key.asymmetricKeyType === 'ed25519'
      ? sign(null, Buffer.from(signed), key)
      : sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}

export interface TestKey extends VoucherKey {
  readonly privateKey: KeyObject
}

export const makeEd25519Key = (): TestKey => testKey(generateVoucherKeyPem())

export const makeP256Key = (): TestKey =>
  testKey(
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  )

const testKey = (pem: string): TestKey => ({ ...openVoucherKey(pem), privateKey: createPrivateKey(pem) })

/** The holder's key of RFC 8037, appendix A.2; its thumbprint stands in A.3. */
export const holderJwk: PublicKeyJwk = publicKeySchema.parse({
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
})
export const holderThumbprint: string = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'

/** The text with one bit of one character changed, one character fewer or one more. */
export const mutate = (text: string, at: number, how: number): string => {
  const position = at % text.length
  const kind = how % 9
  if (kind === 7) return text.slice(0, position) + text.slice(position + 1)
  if (kind === 8) return `${text.slice(0, position)}A${text.slice(position)}`
  const changed = String.fromCharCode(text.charCodeAt(position) ^ (1 << kind))
  return text.slice(0, position) + changed + text.slice(position + 1)
}
