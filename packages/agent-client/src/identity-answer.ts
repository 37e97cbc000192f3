import { z } from 'zod'

import { AgentClientError, type AgentClientErrorCode, type OAuthRefusal } from './agent-client-error.ts'

/** What the token endpoint answers (RFC 6749 §5.1, RFC 8693 §2.2.1). */
export interface TokenAnswer {
  readonly accessToken: string
  /** Seconds. */
  readonly expiresIn: number
  /** Absent where the one at hand goes on. */
  readonly refreshToken: string | undefined
  readonly sessionId: string | undefined
  /** Milliseconds since the Unix epoch. */
  readonly endsAt: number | undefined
}

const text = z.string().min(1).max(16_384)

const answerSchema = z.object({
  access_token: text,
  token_type: z.string().regex(/^DPoP$/i),
  expires_in: z.number().positive().max(86_400),
  refresh_token: text.optional(),
  session_id: text.optional(),
  ends_at: z.iso.datetime().optional(),
})

/** @throws AgentClientError `IDENTITY_ANSWER_MALFORMED`, without repeating what was answered */
export const parseTokenAnswer = (body: string): TokenAnswer => {
  const { success, data } = answerSchema.safeParse(parseJson(body))
  if (!success)
    throw new AgentClientError(
      'IDENTITY_ANSWER_MALFORMED',
      'token endpoint: expected a token of type DPoP with its life in seconds, got another answer',
    )
  return {
    accessToken: data.access_token,
    expiresIn: data.expires_in,
    refreshToken: data.refresh_token,
    sessionId: data.session_id,
    endsAt: data.ends_at === undefined ? undefined : Date.parse(data.ends_at),
  }
}

const refusalSchema = z.object({
  error: z.string().regex(/^[\x20-\x7e]{1,64}$/),
  error_description: z.string().optional(),
  code: z
    .string()
    .regex(/^[A-Z_]{1,64}$/)
    .optional(),
})

/** What each error code of OAuth means here. */
const refusalCodes: ReadonlyMap<string, AgentClientErrorCode> = new Map([
  ['invalid_grant', 'SUBJECT_REFUSED'],
  ['invalid_target', 'TOOLS_REFUSED'],
  ['invalid_scope', 'TOOLS_REFUSED'],
  ['invalid_client', 'ATTESTATION_REFUSED'],
  ['unauthorized_client', 'ATTESTATION_REFUSED'],
  ['invalid_dpop_proof', 'PROOF_REFUSED'],
  ['access_denied', 'SESSION_DENIED'],
])

/** Codes of Cordon that mean more than the code of OAuth beside them. */
const exactCodes: ReadonlyMap<string, AgentClientErrorCode> = new Map([
  ['SESSION_SUSPENDED', 'SESSION_DENIED'],
  ['REVOKED', 'SESSION_DENIED'],
])

/** What an answer with a status of 400 or more says. */
export const refusalOf = (what: string, status: number, body: string): AgentClientError => {
  const { success, data } = refusalSchema.safeParse(parseJson(body))
  if (!success)
    return new AgentClientError(
      'IDENTITY_ANSWER_MALFORMED',
      `${what}: expected an OAuth error, got status ${status}`,
    )
  const description = data.error_description && printable(data.error_description)
  const { error, code } = data
  const refusal: OAuthRefusal = { error, ...(code && { code }), ...(description && { description }) }
  return new AgentClientError(
    exactCodes.get(code ?? '') ?? refusalCodes.get(error) ?? 'REQUEST_REFUSED',
    `${what}: expected to be granted, got ${data.error}${description ? `: ${description}` : ''}`,
    { refusal },
  )
}

const longestDescription = 512

// It goes to logs and terminals.
const printable = (text: string): string =>
  text.slice(0, longestDescription).replaceAll(/[^\x20-\x7e\u00a0-\uffff]/g, ' ')

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    // What is no JSON is refused by the schema.
    return undefined
  }
}
