import { toolNamePattern } from '@cordon/policy'
import { z } from 'zod'

import type {
  ExchangeRequest,
  RenewalRequest,
  RequestProofs,
  SubjectToken,
} from '../core/exchange-request.ts'
import type { Answer } from '../core/refusal.ts'
import type { Form } from './form-body.ts'

export const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
const jwtType = 'urn:ietf:params:oauth:token-type:jwt'

const subjectKinds: Readonly<Record<string, SubjectToken['kind']>> = {
  'urn:ietf:params:oauth:token-type:id_token': 'human',
  'urn:cordon:token-type:automation-grant': 'automation',
  [accessTokenType]: 'parent',
}

const serverPattern = /^urn:cordon:server:([A-Za-z0-9][A-Za-z0-9._-]{0,63})$/
const namePattern = /^[^\p{C}]{1,256}$/u

/** RFC 9396 §2. Strict: what is not understood is not granted, and must not seem so (§5). */
const detailsSchema = z
  .array(z.strictObject({ type: z.literal('mcp_tool'), identifier: z.string().regex(toolNamePattern) }))
  .min(1)
  .max(512)

/** A long request with what was pasted into it; more than a human writes. */
const maxIntentBytes = 64 * 1024

/** Parameters of RFC 8693 that would widen or change what is asked for, and that nobody here grants. */
const refusedParameters = ['scope', 'audience']

/** What a form asks for (RFC 8693 §2.1). Parameters that nobody knows are passed over (RFC 6749 §3.2). */
export const readExchange = (form: Form, proof: RequestProofs): Answer<ExchangeRequest> => {
  const type = form.get('subject_token_type') ?? ''
  const kind = Object.hasOwn(subjectKinds, type) ? subjectKinds[type] : undefined
  const text = form.get('subject_token')
  if (kind === undefined || text === undefined)
    return invalid(
      `subject_token, subject_token_type: expected a token of type ${Object.keys(subjectKinds).join(', ')}, got none of them`,
    )
  const refused = refusedParameters.find(name => form.has(name))
  if (refused !== undefined)
    return invalid(`${refused}: expected none, because resource and authorization_details say it, got one`)
  if ((form.get('requested_token_type') ?? accessTokenType) !== accessTokenType)
    return invalid(`requested_token_type: expected ${accessTokenType} or none, got another`)
  const actorToken = readActor(form)
  if (!actorToken.ok) return actorToken
  const server = readServer(form)
  if (!server.ok) return server
  const tools = readTools(form.get('authorization_details'))
  if (!tools.ok) return tools
  const conversationId = form.get('conversation_id') ?? null
  if (conversationId !== null && !namePattern.test(conversationId))
    return invalid('conversation_id: expected 1 to 256 printable characters, got others')
  const declaredIntent = form.get('declared_intent')
  if (declaredIntent !== undefined && Buffer.byteLength(declaredIntent) > maxIntentBytes)
    return invalid(`declared_intent: expected at most ${maxIntentBytes} bytes, got more`)
  return {
    ok: true,
    value: {
      subject: { kind, text },
      actorToken: actorToken.value,
      server: server.value,
      tools: tools.value,
      conversationId,
      declaredIntent,
      proof,
    },
  }
}

/** RFC 6749 §6, with the server that the token is for (RFC 8707 §2.2). */
export const readRenewal = (form: Form, proof: RequestProofs): Answer<RenewalRequest> => {
  // Passed over, it would seem to be in force.
  if (form.has('declared_intent'))
    return {
      ok: false,
      refusal: {
        code: 'INTENT_REFUSED',
        message: 'declared_intent: expected none, because it is declared when a session opens, got one',
      },
    }
  const refreshToken = form.get('refresh_token')
  if (refreshToken === undefined) return invalid('refresh_token: expected one, got none')
  const actorToken = readActor(form)
  if (!actorToken.ok) return actorToken
  const server = readServer(form)
  if (!server.ok) return server
  return { ok: true, value: { refreshToken, actorToken: actorToken.value, server: server.value, proof } }
}

const readActor = (form: Form): Answer<string | undefined> => {
  const text = form.get('actor_token')
  const type = form.get('actor_token_type')
  if ((text === undefined) !== (type === undefined))
    return invalid('actor_token, actor_token_type: expected both or none, got one')
  return type === undefined || type === jwtType
    ? { ok: true, value: text }
    : invalid(`actor_token_type: expected ${jwtType}, got another`)
}

const readServer = (form: Form): Answer<string> => {
  const [, server] = serverPattern.exec(form.get('resource') ?? '') ?? []
  return server === undefined
    ? invalid('resource: expected urn:cordon:server:<server>, got another or none')
    : { ok: true, value: server }
}

const readTools = (text: string | undefined): Answer<readonly string[]> => {
  const parsed = detailsSchema.safeParse(parseJson(text ?? ''))
  return parsed.success
    ? { ok: true, value: parsed.data.map(({ identifier }) => identifier) }
    : invalid(
        'authorization_details: expected a list of 1 to 512 { "type": "mcp_tool", "identifier": "server/tool" }, got something else',
      )
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON text stands for undefined, so it can say that this is none.
    return undefined
  }
}

const invalid = (message: string): { ok: false; refusal: { code: 'REQUEST_INVALID'; message: string } } => ({
  ok: false,
  refusal: { code: 'REQUEST_INVALID', message },
})
