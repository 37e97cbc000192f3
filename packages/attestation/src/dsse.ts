import { createPublicKey, verify } from 'node:crypto'

import type { DsseEnvelope, PublicKeyJwk } from '@cordon/policy'

import { registeredKey } from './registered-key.ts'
import type { VoucherKey } from './voucher-key.ts'

// Dead Simple Signing Envelope 1.0: https://github.com/secure-systems-lab/dsse, protocol.md.

/** The bytes that are signed: the lengths keep type and body apart ("PAE"). */
export const preAuthenticationEncoding = (payloadType: string, payload: Buffer): Buffer => {
  const type = Buffer.from(payloadType, 'utf8')
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `, 'ascii'),
    type,
    Buffer.from(` ${payload.length} `, 'ascii'),
    payload,
  ])
}

/** @param keyName what verifiers know the key by */
export const signEnvelope = (
  payloadType: string,
  payload: Buffer,
  key: VoucherKey,
  keyName: string,
): DsseEnvelope => ({
  payloadType,
  payload: payload.toString('base64'),
  signatures: [
    {
      keyid: keyName,
      sig: key.sign(preAuthenticationEncoding(payloadType, payload)).toString('base64'),
    },
  ],
})

/**
 * One valid signature is enough; a signature counts only for the key that its `keyid` names.
 * @param keyOf the key of that name, where somebody trusted has it
 * @returns the payload; `undefined` where none of the signatures is valid
 */
export const openEnvelope = (
  envelope: DsseEnvelope,
  keyOf: (keyName: string) => PublicKeyJwk | undefined,
): Buffer | undefined => {
  const payload = decodeBase64(envelope.payload)
  if (payload === undefined) return undefined
  const signed = preAuthenticationEncoding(envelope.payloadType, payload)
  const isSigned = envelope.signatures.some(({ keyid, sig }) => {
    const key = keyOf(keyid)
    const signature = decodeBase64(sig)
    return key !== undefined && signature !== undefined && isEnvelopeSignature(key, signed, signature)
  })
  return isSigned ? payload : undefined
}

// The specification leaves the form open: builders write ECDSA as r ‖ s, as its own example does, or in DER, as cosign does.
const isEnvelopeSignature = (jwk: PublicKeyJwk, bytes: Buffer, signature: Buffer): boolean => {
  const key = registeredKey(jwk)
  if (key === undefined) return false
  if (key.verifies(bytes, signature)) return true
  if (key.algorithm !== 'ES256') return false
  const inDer = { key: createPublicKey({ key: { ...jwk }, format: 'jwk' }), dsaEncoding: 'der' } as const
  return verify('sha256', bytes, inDer, signature)
}

// Either alphabet, with or without padding, as the specification wants it; encoding again shows whether Node's decoder
// passed over something.
const decodeBase64 = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64')
  const plain = text
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/={1,2}$/, '')
  return bytes.toString('base64url') === plain ? bytes : undefined
}
