import type { Rejection } from './answer.ts'
import { reject } from './answer.ts'
import type { Era } from './era.ts'
import { errorCode } from './error-code.ts'
import type { RpcMessage } from './json-rpc.ts'

/** The status with the error of a request; what gets no response can only be turned away. */
const statuses: Readonly<Record<Era, number>> = { sessionful: 200, stateless: 404 }

export const methodUnknown = (message: RpcMessage, era: Era): Rejection =>
  reject({
    status: message.kind === 'request' ? statuses[era] : 400,
    cause: 'method_unknown',
    code: errorCode.methodNotFound,
    message: `method: expected a ${message.kind} that MCP clients send, got another one; nothing was forwarded`,
    id: message.kind === 'request' ? message.id : undefined,
  })
