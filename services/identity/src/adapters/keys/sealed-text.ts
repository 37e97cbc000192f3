import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

import { IdentityError } from '../../identity-error.ts'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** Nonce, tag and ciphertext; the name is authenticated along, so that nothing sealed stands in another's place. */
export const seal = (text: string, name: string, sealingKey: Buffer): Buffer => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, sealingKey, nonce, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(name, 'utf8'))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** @throws IdentityError `SEALED_OTHERWISE` where it was sealed with another key or under another name, or changed */
export const unseal = (sealed: Buffer, name: string, sealingKey: Buffer): string => {
  try {
    const nonce = sealed.subarray(0, nonceBytes)
    const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes)
    const decipher = createDecipheriv(algorithm, sealingKey, nonce, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(name, 'utf8'))
    decipher.setAuthTag(tag)
    const opened = [decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]
    return Buffer.concat(opened).toString('utf8')
  } catch (cause) {
    throw new IdentityError(
      'SEALED_OTHERWISE',
      `${name}: expected what is sealed with the key in CORDON_IDENTITY_KEY_FILE, got something else; is it the file that was there before?`,
      { cause },
    )
  }
}
