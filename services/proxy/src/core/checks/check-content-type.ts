import { headerOf } from '../agent-request.ts'
import { reject } from '../answer.ts'
import type { Rejection } from '../answer.ts'
import { errorCode } from '../error-code.ts'
import type { RequestCheck } from '../request-checks.ts'

/** The body is read as it stands: as UTF-8 (RFC 8259 §8.1), without an encoding. */
export const checkContentType: RequestCheck = request => {
  if (request.method !== 'POST') return undefined
  if (!isJson(headerOf(request, 'content-type') ?? ''))
    return unsupported('Content-Type: expected application/json, got another one')
  if (request.headers.has('content-encoding') && headerOf(request, 'content-encoding') !== 'identity')
    return unsupported('Content-Encoding: expected none, got one')
  return undefined
}

const isJson = (contentType: string): boolean => {
  const [type, ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map(part => part.trim())
  return type === 'application/json' && parameters.every(isHarmless)
}

const isHarmless = (parameter: string): boolean =>
  !parameter.startsWith('charset') || /^charset="?utf-8"?$/.test(parameter)

const unsupported = (message: string): Rejection =>
  reject({ status: 415, cause: 'content_type', code: errorCode.badRequest, message })
