import { isJsonObject } from './json-rpc.ts'

/** @param token that the engine has verified: here it is only read @returns its `sub`; `undefined` where it is no token of ours */
export const humanOf = (token: string): string | undefined => claimOf(token, 'sub')

/** The session that a token says it is of. Nothing may follow from it but what is asked of the engine, which verifies it. */
export const sessionOf = (token: string): string | undefined => claimOf(token, 'sid')

/** @param token that the engine has verified @returns its `exp`; 0 where it is no token of ours */
export const expiryOf = (token: string): number => {
  const expiry = valueOf(token, 'exp')
  return typeof expiry === 'number' ? expiry : 0
}

const claimOf = (token: string, name: string): string | undefined => {
  const claim = valueOf(token, name)
  return typeof claim === 'string' ? claim : undefined
}

const valueOf = (token: string, name: string): unknown => {
  const [, payload = ''] = token.split('.')
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return isJsonObject(claims) ? claims[name] : undefined
  } catch {
    // No JSON: whoever shows it is nobody's.
    return undefined
  }
}
