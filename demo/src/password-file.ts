import { replaceOwnerFile } from '@cordon/owner-files'

/**
 * Puts the password of a connection string into a file that only its owner can read, in the format of libpq's password
 * file (PostgreSQL, 32.16), which `PGPASSFILE` may name.
 * @returns the connection string without the password: it may stand in arguments, which everybody can read
 */
export const writePasswordFile = async (file: string, connectionString: string): Promise<string> => {
  const url = new URL(connectionString)
  const line = [url.hostname, url.port, '*', url.username, url.password].map(fieldOf).join(':')
  await replaceOwnerFile(file, `${line}\n`)
  url.password = ''
  return url.href
}

const fieldOf = (encoded: string): string => decodeURIComponent(encoded).replaceAll(/[\\:]/g, '\\$&')
