import type { AgentRequest } from '../agent-request.ts'
import { headerOf } from '../agent-request.ts'
import { reject } from '../answer.ts'
import { challenge } from '../challenge.ts'
import { errorCode } from '../error-code.ts'
import type { RequestCheck } from '../request-checks.ts'

/** RFC 6750 §2.1. Whether the token is any good is the engine's to say. */
export const bearerToken = (request: AgentRequest): string | undefined =>
  /^bearer +([\w.~+/=-]+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1]

export const checkToken: RequestCheck = (request, { metadataUrl }) => {
  if (bearerToken(request) !== undefined) return undefined
  return reject({
    status: 401,
    cause: 'token',
    code: errorCode.refused,
    message:
      'Cordon: Authorization: expected "Bearer <session token>", got none. Open a session and send its token for this server.',
    headers: { 'www-authenticate': challenge(metadataUrl) },
  })
}
