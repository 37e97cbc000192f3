import { hash } from 'node:crypto'

import { canonicalJson } from '@cordon/foundation'

/**
 * `args_s256`: SHA-256 of the RFC 8785 text of a call's arguments, in base64url, so that it means the values and not their
 * spelling. A call without arguments has the empty object's. What else messages say is digested alike (`rest_s256`, `content_s256`).
 * @throws Error where it is no JSON value (`undefined` apart), such as an infinite number
 */
export const digestArguments = (args: unknown): string =>
  hash('sha256', canonicalJson(args === undefined ? {} : args), 'base64url')
