import type { AuthorizeRequest, WrittenCall } from '@cordon/engine-socket'

import type { Call } from './call-facts.ts'
import { digestOf } from './own-messages.ts'

/**
 * Whether a call says beside its arguments what nobody judges. The agent proved a digest of it, so it is there whatever the enforcement point
 * says of it; only what comes along and has that very digest is known to be no more than it is.
 */
const saysMore = ({ restDigest, task }: AuthorizeRequest): boolean =>
  restDigest !== undefined && (task === undefined || digestOf({ task }) !== restDigest)

/** A call as it came over the socket, with what its parsed arguments do not say. */
export const writtenCall = (request: AuthorizeRequest, { bytes, isInexact }: WrittenCall): Call => {
  const { server, tool, arguments: args, restDigest, leftOutBytes, answerBytes, definition } = request
  return {
    server,
    tool,
    arguments: args,
    ...(restDigest !== undefined && { restDigest }),
    bytes: bytes + (answerBytes ?? 0),
    isInexact,
    areLeftOut: leftOutBytes !== undefined,
    hasAnswers: answerBytes !== undefined || saysMore(request),
    ...(definition !== undefined && { definition }),
    isDefinitionChanged: request.definitionChanged === true,
  }
}
