import type { DownstreamCall } from '@cordon/tokens'

import type { Call } from './call-facts.ts'

/** How MCP calls what the engine knows as a tool; every other tool is called by `tools/call`. */
const methods: ReadonlyMap<string, string> = new Map([
  ['resources:read', 'resources/read'],
  ['prompts:get', 'prompts/get'],
])

/** The methods that do something: a session is not admitted to them, each is authorised by itself. */
export const guardedMethods: ReadonlySet<string> = new Set(['tools/call', ...methods.values()])

/** In place of the method where an agent answers what its server asked. */
export const answerMethod = 'answer'

/** What the tool server is told of a call. */
export const downstreamCall = ({ tool, restDigest }: Call, digest: Buffer): Omit<DownstreamCall, 'id'> => ({
  method: methods.get(tool) ?? 'tools/call',
  tool,
  argumentsDigest: digest.toString('base64url'),
  ...(restDigest !== undefined && { restDigest }),
})
