import type { RequestBody } from '../adapters/request-body.ts'
import type { AgentRequest } from '../core/agent-request.ts'
import { headerOf } from '../core/agent-request.ts'
import type { Era } from '../core/era.ts'
import { eraOf } from '../core/era.ts'
import type { AgentReply } from '../ports.ts'
import type { Caller, EndpointParts } from './endpoint-parts.ts'
import type { ReadMessage } from './read-message.ts'
import { readMessage } from './read-message.ts'
import { handleSessionful } from './sessionful/handle-sessionful.ts'
import { handleStateless } from './stateless/handle-stateless.ts'

/** One message of an agent, and everything that came with it. */
export interface Posted extends ReadMessage {
  readonly request: AgentRequest
  readonly reply: AgentReply
}

const handlers: Readonly<
  Record<Era, (parts: EndpointParts, caller: Caller, posted: Posted) => Promise<void>>
> = { sessionful: handleSessionful, stateless: handleStateless }

/** One message of the agent, in whichever era it speaks. */
export const handlePost = async (
  parts: EndpointParts,
  caller: Caller,
  request: AgentRequest,
  body: RequestBody,
  reply: AgentReply,
): Promise<void> => {
  if (body.kind === 'broken-off') return parts.events.requestRejected('body_broken_off')
  if (body.kind === 'refused') return reply.answer(body.answer)
  const read = readMessage(body, parts.maxBodyBytes)
  if ('rejection' in read) {
    parts.events.requestRejected(read.rejection.cause)
    return reply.answer(read.rejection)
  }
  const era = eraOf(read.message, headerOf(request, 'mcp-protocol-version'))
  return handlers[era](parts, caller, { ...read, request, reply })
}
