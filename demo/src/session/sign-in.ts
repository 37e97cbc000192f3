import { createHash, randomBytes } from 'node:crypto'

import { z } from 'zod'

import { openFormBrowser, type Landing, type Page } from './form-browser.ts'

export interface SignIn {
  /** `iss` of the OpenID provider. */
  readonly provider: string
  readonly name: string
  readonly password: string
  /** What the human is asked to consent to. */
  readonly agentId: string
  readonly tools: readonly string[]
}

const tokensSchema = z.object({ id_token: z.string() })
const clientId = 'cordon-connect'
// Nobody listens there: this program is the browser too, and stops before the last redirect.
const redirectUri = 'http://127.0.0.1/callback'

/**
 * Signs a human in, as they would with a browser: authorization code with PKCE (RFC 7636), the form for name and password, the
 * page that asks for consent.
 * @returns the ID token
 */
export const signIn = async ({ provider, name, password, agentId, tools }: SignIn): Promise<string> => {
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(16).toString('base64url')
  const parameters = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirectUri,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    cordon_agent: agentId,
    cordon_tools: tools.join(' '),
  })
  const answer = await consentAt(`${provider}/auth?${parameters.toString()}`, { name, password })
  const code = codeOf(answer, { provider, state })
  const response = await fetch(`${provider}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      code,
      code_verifier: verifier,
      redirect_uri: redirectUri,
    }),
  })
  if (!response.ok) throw new Error(`log-in: expected tokens, got status ${response.status}`)
  return tokensSchema.parse(await response.json()).id_token
}

/**
 * What a human does in the browser that a program sent them to: name and password, then yes.
 * @returns the address that the browser is sent back to
 */
export const consentAt = async (
  authorizationUrl: string,
  { name, password }: Pick<SignIn, 'name' | 'password'>,
): Promise<URL> => {
  const browser = openFormBrowser(new URL(authorizationUrl).origin)
  const form = pageOf(await browser.open(authorizationUrl))
  const consent = pageOf(await browser.submit(form, { name, password, action: 'sign-in' }))
  const landing = await browser.submit(consent, { action: 'allow' })
  if (landing.kind === 'away') return landing.url
  throw new Error(`log-in: expected to be sent back, got status ${landing.status}`)
}

const pageOf = (landing: Landing): Page => {
  if (landing.kind === 'page' && landing.status === 200) return landing
  throw new Error(
    `log-in: expected the next page, got ${landing.kind === 'page' ? `status ${landing.status}` : 'a redirect'}`,
  )
}

// RFC 9207: the answer is this provider's, and to this request.
const codeOf = (
  { searchParams: answer }: URL,
  expected: { readonly provider: string; readonly state: string },
): string => {
  const code = answer.get('code')
  const isOurs = answer.get('state') === expected.state && answer.get('iss') === expected.provider
  if (code !== null && isOurs) return code
  throw new Error(`log-in: expected a code, got ${answer.get('error') ?? 'another answer'}`)
}
