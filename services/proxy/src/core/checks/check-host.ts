import { headerOf } from '../agent-request.ts'
import { reject } from '../answer.ts'
import { errorCode } from '../error-code.ts'
import { hostName } from '../host-name.ts'
import type { RequestCheck } from '../request-checks.ts'

/** A page whose name was pointed at this machine after it was loaded (DNS rebinding) still sends its own name. */
export const checkHost: RequestCheck = (request, { hosts }) => {
  const host = hostName(`http://${headerOf(request, 'host') ?? ''}`)
  if (host !== undefined && hosts.has(host)) return undefined
  return reject({
    status: 403,
    cause: 'host',
    code: errorCode.badRequest,
    message: 'Host: expected a name of this proxy, got another one',
  })
}
