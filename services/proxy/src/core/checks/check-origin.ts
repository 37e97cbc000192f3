import { headerOf } from '../agent-request.ts'
import { reject } from '../answer.ts'
import { errorCode } from '../error-code.ts'
import { hostName } from '../host-name.ts'
import type { RequestCheck } from '../request-checks.ts'

/** Only browsers send an origin; a page from elsewhere has no business here. */
export const checkOrigin: RequestCheck = (request, { hosts }) => {
  if (!request.headers.has('origin')) return undefined
  const host = hostName(headerOf(request, 'origin') ?? '')
  if (host !== undefined && hosts.has(host)) return undefined
  return reject({
    status: 403,
    cause: 'origin',
    code: errorCode.badRequest,
    message: 'Origin: expected none or one of this proxy, got a foreign one',
  })
}
