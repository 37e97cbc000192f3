import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/**
 * OWASP's parameters of equal strength with the least memory: 32 MiB at a time. All hashes have the same, so that the time a check
 * takes says nothing about whose it was.
 */
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 } as const
const saltBytes = 16
const keyBytes = 32
/** Beyond this nobody types; before it is hashed it costs memory. */
const longestPassword = 1024

/** `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, both base64url. */
export const passwordHashPattern: RegExp = /^\$scrypt\$ln=15,r=8,p=3\$([\w-]{22})\$([\w-]{43})$/

/** Nobody's password: what a name that does not exist is checked against. */
const nobody = `$scrypt$ln=15,r=8,p=3$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** A new hash with a salt of its own. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(saltBytes)
  const key = await derive(password, salt)
  return `$scrypt$ln=15,r=8,p=3$${salt.toString('base64url')}$${key.toString('base64url')}`
}

/**
 * Whether the password is the one that was hashed.
 * @param stored `undefined`: there is no such account; takes as long, and is never right
 */
export const checkPassword = async (password: string, stored: string | undefined): Promise<boolean> => {
  const [, salt = '', key = ''] = passwordHashPattern.exec(stored ?? nobody) ?? []
  const isRight = timingSafeEqual(
    await derive(password, Buffer.from(salt, 'base64url')),
    Buffer.from(key, 'base64url'),
  )
  return isRight && stored !== undefined && password.length <= longestPassword
}

// NIST SP 800-63B §5.1.1.2: one password, however a keyboard composes its characters.
const derive = async (password: string, salt: Buffer): Promise<Buffer> => {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  scrypt(password.slice(0, longestPassword).normalize('NFKC'), salt, keyBytes, cost, (error, key) => {
    if (error === null) resolve(key)
    else reject(error)
  })
  return promise
}
