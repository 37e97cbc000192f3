import type { AgentRequest } from '../agent-request.ts'
import { headerOf } from '../agent-request.ts'
import { reject } from '../answer.ts'
import { challenge } from '../challenge.ts'
import { errorCode } from '../error-code.ts'
import type { RequestCheck } from '../request-checks.ts'

/** RFC 9449 §7.1. Whether the token is any good is the engine's to say. */
export const sessionToken = (request: AgentRequest): string | undefined =>
  /^dpop +([\w.~+/=-]+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1]

/** RFC 9449 §4.1: exactly one; where there are more, none is the one. */
export const shownProof = (request: AgentRequest): string => headerOf(request, 'dpop') ?? ''

export const checkToken: RequestCheck = (request, { metadataUrl }) => {
  if (sessionToken(request) !== undefined) return undefined
  return reject({
    status: 401,
    cause: 'token',
    code: errorCode.refused,
    message:
      'Cordon: Authorization: expected "DPoP <session token>", got none or another scheme. Open a session, send its token for this server, and prove each request in the header DPoP.',
    headers: { 'www-authenticate': challenge(metadataUrl) },
  })
}
