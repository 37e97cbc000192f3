import { isJsonObject } from './json-rpc.ts'

/** @param token that the engine has verified: here it is only read @returns its `sub`; `undefined` where it is no token of ours */
export const humanOf = (token: string): string | undefined => {
  const [, payload = ''] = token.split('.')
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return isJsonObject(claims) && typeof claims['sub'] === 'string' ? claims['sub'] : undefined
  } catch {
    // No JSON: whoever shows it is counted as its session alone.
    return undefined
  }
}
