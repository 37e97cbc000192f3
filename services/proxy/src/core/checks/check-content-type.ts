import { headerOf } from '../agent-request.ts'
import { reject } from '../answer.ts'
import { errorCode } from '../error-code.ts'
import type { RequestCheck } from '../request-checks.ts'

export const checkContentType: RequestCheck = request => {
  if (request.method !== 'POST') return undefined
  if (/^application\/json\s*(?:;|$)/i.test(headerOf(request, 'content-type') ?? '')) return undefined
  return reject({
    status: 415,
    cause: 'content_type',
    code: errorCode.badRequest,
    message: 'Content-Type: expected application/json, got another one',
  })
}
