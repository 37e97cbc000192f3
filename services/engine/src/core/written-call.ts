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
    definition,
    definitionChanged,
  }: AuthorizeRequest,
  { bytes, isInexact }: WrittenCall,
): Call => ({
  server,
  tool,
  arguments: args,
  ...(restDigest !== undefined && { restDigest }),
  bytes,
  isInexact,
  areLeftOut: leftOutBytes !== undefined,
  ...(definition !== undefined && { definition }),
  isDefinitionChanged: definitionChanged === true,
})
