import { hash, timingSafeEqual } from 'node:crypto'

/**
 * Whether an `Authorization` header shows the operators' secret. Digests are compared, in constant time, so that neither
 * content nor length of the secret shows in how long it takes.
 */
export const createSecretCheck = (secret: string): ((authorization: string | undefined) => boolean) => {
  const expected = digest(secret)
  return authorization => {
    const shown = /^Bearer +([^ ]+)$/i.exec(authorization ?? '')?.[1]
    return timingSafeEqual(digest(shown ?? ''), expected) && shown !== undefined
  }
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer')
