import { reject } from '../answer.ts'
import { errorCode } from '../error-code.ts'
import type { RequestCheck } from '../request-checks.ts'

const required: Readonly<Record<string, readonly string[]>> = {
  POST: ['application/json', 'text/event-stream'],
  GET: ['text/event-stream'],
}

/** MCP 2025-11-25, transports: an agent takes both forms of an answer. */
export const checkAccept: RequestCheck = request => {
  // A list may stand in several headers (RFC 9110 §5.3).
  const accept = request.headers.get('accept')?.join() ?? ''
  const types = required[request.method] ?? []
  if (types.every(type => accept.includes(type) || accept.includes('*/*'))) return undefined
  return reject({
    status: 406,
    cause: 'accept',
    code: errorCode.badRequest,
    message: `Accept: expected ${types.join(' and ')}, got less`,
  })
}
