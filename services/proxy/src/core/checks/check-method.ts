import { reject } from '../answer.ts'
import { errorCode } from '../error-code.ts'
import type { RequestCheck } from '../request-checks.ts'

const allowed = 'GET, POST, DELETE'

export const checkMethod: RequestCheck = ({ method }) => {
  if (method === 'POST' || method === 'GET' || method === 'DELETE') return undefined
  return reject({
    status: 405,
    cause: 'method',
    code: errorCode.badRequest,
    message: `method: expected ${allowed}, got another one`,
    headers: { allow: allowed },
  })
}
