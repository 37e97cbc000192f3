import { parseCompactJws } from '../compact-jws.ts'
import { parseStrictJsonObject } from '../strict-json.ts'

/** More of a text from outside is no address. */
const maxShownCharacters = 200

/**
 * For the log of the tool server: whose token it is, where it is not of the issuer that this server was given. Nothing of it is
 * verified.
 * @param text a token whose form is known to be that of a JWS
 */
export const issuerDetail = (text: string, expected: string): string | undefined => {
  const jws = parseCompactJws(text)
  const iss = jws && parseStrictJsonObject(jws.payload.toString('utf8'))?.['iss']
  if (typeof iss !== 'string' || iss === expected) return undefined
  // Whoever can reach the server writes it: nothing that a log or a terminal acts on.
  const shown = iss.slice(0, maxShownCharacters).replaceAll(/[^!-~]/g, '?')
  return `issuer: expected ${expected}, got ${shown}`
}
