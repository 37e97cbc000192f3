import { reject } from './answer.ts'
import type { Rejection } from './answer.ts'
import { errorCode } from './error-code.ts'

/** Why the bytes of a connection never became a request. */
export type UnreadableCause = 'request_slow' | 'request_unreadable' | 'expectation'

/** What such a connection gets to read before it is closed. */
export const unreadableRequests: Readonly<Record<UnreadableCause, Rejection>> = {
  request_slow: reject({
    status: 408,
    cause: 'request_slow',
    code: errorCode.badRequest,
    message: 'headers: expected all of them within 10 s, got a part of them',
  }),
  request_unreadable: reject({
    status: 400,
    cause: 'request_unreadable',
    code: errorCode.badRequest,
    message: 'request: expected HTTP/1.1 with at most 16 KiB of headers, got something else',
  }),
  expectation: reject({
    status: 417,
    cause: 'expectation',
    code: errorCode.badRequest,
    message: 'Expect: expected 100-continue or no such header, got another expectation',
    headers: { connection: 'close' },
  }),
}
