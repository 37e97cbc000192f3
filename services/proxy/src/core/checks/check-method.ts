import { headerOf } from '../agent-request.ts'
import { reject } from '../answer.ts'
import type { Era } from '../era.ts'
import { isSessionfulVersion } from '../era.ts'
import { errorCode } from '../error-code.ts'
import type { RequestCheck } from '../request-checks.ts'

/** Without a session there is nothing to GET a stream of, and nothing to DELETE. */
const methods: Readonly<Record<Era, readonly string[]>> = {
  sessionful: ['GET', 'POST', 'DELETE'],
  stateless: ['POST'],
}

export const checkMethod: RequestCheck = request => {
  const era = isSessionfulVersion(headerOf(request, 'mcp-protocol-version')) ? 'sessionful' : 'stateless'
  if (methods[era].includes(request.method)) return undefined
  const allowed = methods[era].join(', ')
  return reject({
    status: 405,
    cause: 'method',
    code: errorCode.badRequest,
    message: `method: expected ${allowed}, got another one`,
    headers: { allow: allowed },
  })
}
