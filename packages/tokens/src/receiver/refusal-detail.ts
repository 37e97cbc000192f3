import { parseCompactJws } from '../compact-jws.ts'
import { audienceOf } from '../session-claims.ts'
import { parseStrictJsonObject } from '../strict-json.ts'

/** More of a text from outside is no address and no name. */
const maxShownCharacters = 200

/**
 * For the log of the tool server: whose token it is, where it is not of the issuer that this server was given. Nothing of it is
 * verified.
 * @param text a token whose form is known to be that of a JWS
 */
export const issuerDetail = (text: string, expected: string): string | undefined =>
  detailOf('issuer', expected, claimOf(text, 'iss'))

/** For the log of the tool server: which server a token is for, where that is not the name that this one was given. @param text as there */
export const serverDetail = (text: string, expected: string): string | undefined => {
  const aud = claimOf(text, 'aud')
  const prefix = audienceOf('')
  return detailOf('server', expected, aud?.startsWith(prefix) === true ? aud.slice(prefix.length) : aud)
}

const claimOf = (text: string, name: string): string | undefined => {
  const jws = parseCompactJws(text)
  const claim = jws && parseStrictJsonObject(jws.payload.toString('utf8'))?.[name]
  return typeof claim === 'string' ? claim : undefined
}

const detailOf = (what: string, expected: string, got: string | undefined): string | undefined => {
  if (got === undefined || got === expected) return undefined
  // Whoever can reach the server writes it: nothing that a log or a terminal acts on.
  const shown = got.slice(0, maxShownCharacters).replaceAll(/[^!-~]/g, '?')
  return `${what}: expected ${expected}, got ${shown}`
}
