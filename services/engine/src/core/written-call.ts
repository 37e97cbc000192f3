import type { AuthorizeRequest, WrittenCall } from '@cordon/engine-socket'

import type { Call } from './call-facts.ts'

/** A call as it came over the socket, with what its parsed arguments do not say. */
export const writtenCall = (
  {
    server,
    tool,
    arguments: args,
    restDigest,
    leftOutBytes,
    answerBytes,
    definition,
    definitionChanged,
  }: AuthorizeRequest,
  { bytes, isInexact }: WrittenCall,
): Call => ({
  server,
  tool,
  arguments: args,
  ...(restDigest !== undefined && { restDigest }),
  bytes: bytes + (answerBytes ?? 0),
  isInexact,
  areLeftOut: leftOutBytes !== undefined,
  hasAnswers: answerBytes !== undefined,
  ...(definition !== undefined && { definition }),
  isDefinitionChanged: definitionChanged === true,
})
