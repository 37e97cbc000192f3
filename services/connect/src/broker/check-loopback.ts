import type { IncomingMessage } from 'node:http'

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i
const loopbackOrigin = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i

/**
 * Only programs of this machine, and their own pages: a page from elsewhere, also one whose name was pointed at this machine after it was
 * loaded (DNS rebinding), would use the human's tools.
 */
export const checkLoopback = ({ headers }: IncomingMessage): string | undefined => {
  if (!loopback.test(headers.host ?? '')) return 'Host: expected a name of this machine, got another one'
  if (headers.origin !== undefined && !loopbackOrigin.test(headers.origin))
    return 'Origin: expected none or one of this machine, got a foreign one'
  return undefined
}
