import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

import { IdentityError } from '../../identity-error.ts'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** Nonce, tag and ciphertext; the key's id is authenticated along, so that no key stands under another's name. */
export const sealKey = (pem: string, keyId: string, sealingKey: Buffer): Buffer => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, sealingKey, nonce, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(keyId, 'utf8'))
  const sealed = Buffer.concat([cipher.update(pem, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** @throws IdentityError `SIGNING_KEY_SEALED` where it was sealed with another key, or changed */
export const unsealKey = (sealed: Buffer, keyId: string, sealingKey: Buffer): string => {
  try {
    const nonce = sealed.subarray(0, nonceBytes)
    const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes)
    const decipher = createDecipheriv(algorithm, sealingKey, nonce, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(keyId, 'utf8'))
    decipher.setAuthTag(tag)
    const opened = [decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]
    return Buffer.concat(opened).toString('utf8')
  } catch (cause) {
    throw new IdentityError(
      'SIGNING_KEY_SEALED',
      `signing key ${keyId}: expected one sealed with the key in CORDON_IDENTITY_KEY_FILE, got another; is it the file that was there before?`,
      { cause },
    )
  }
}
