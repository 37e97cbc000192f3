import { mcpCallOf } from '../downstream/mcp-call.ts'
import { digestArguments } from './arguments-digest.ts'

/** What is said in a request's body, which plain DPoP does not bind: all messages to a server have one method and URL. */
export type ProvenMessage = ProvenCall | ProvenContent

/** A message that calls something. */
export interface ProvenCall {
  readonly server: string
  readonly tool: string
  /** `digestArguments` of them. */
  readonly argumentsDigest: string
  /** `digestArguments` of what the call says beside; absent where that is nothing. */
  readonly restDigest?: string | undefined
}

/** Every other message. */
export interface ProvenContent {
  /** Of JSON-RPC; `answer` where there is none. */
  readonly method: string
  /** `digestArguments` of the params, or of the answer. */
  readonly contentDigest: string
}

/**
 * What a proof says of a message of a client.
 * @param message JSON-RPC, parsed
 * @throws Error where it has no canonical text (RFC 8785)
 */
export const provenMessageOf = (
  server: string,
  message: Readonly<Record<string, unknown>>,
): ProvenMessage => {
  const said = mcpCallOf(message)
  const { method, tool, rest } = said
  if (tool === undefined) return { method, contentDigest: digestArguments(said.content) }
  const call = { server, tool, argumentsDigest: digestArguments(said.arguments) }
  return rest === undefined ? call : { ...call, restDigest: digestArguments(rest) }
}
