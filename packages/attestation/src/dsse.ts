import { type KeyObject, verify } from 'node:crypto'

import type { DsseEnvelope } from '@cordon/policy'

import { algorithmsOf, isSignedWith } from './jws-algorithm.ts'
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
  keyOf: (keyName: string) => KeyObject | undefined,
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
const isEnvelopeSignature = (key: KeyObject, bytes: Buffer, signature: Buffer): boolean => {
  const algorithm = algorithmsOf(key).find(each => each === 'EdDSA' || each === 'ES256')
  if (algorithm === undefined) return false
  if (isSignedWith(algorithm, key, bytes, signature)) return true
  return algorithm === 'ES256' && verify('sha256', bytes, { key, dsaEncoding: 'der' }, signature)
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
