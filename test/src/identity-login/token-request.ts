import type { NativeProgram } from './native-program.ts'

/** What the token endpoint said. */
export interface TokenAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Posts a form, as a program does. */
export const postForm = async (
  url: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> => {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** Redeems an authorization code. */
export const redeem = async (
  origin: string,
  program: NativeProgram,
  code: string,
  change: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> =>
  postForm(`${origin}/oidc/token`, {
    grant_type: 'authorization_code',
    client_id: 'cordon-connect',
    code,
    code_verifier: program.verifier,
    redirect_uri: program.redirectUri,
    ...change,
  })

/** The claims of an ID token that the test got itself from the token endpoint. */
export const claimsOf = (answer: TokenAnswer): Readonly<Record<string, unknown>> => {
  const [, payload = ''] = String(answer.body['id_token']).split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
}
