import type { RequestBody } from '../adapters/request-body.ts'
import { accepted, reject } from '../core/answer.ts'
import { errorCode } from '../core/error-code.ts'
import type { RpcNotification, RpcResponse } from '../core/json-rpc.ts'
import { isKnownVersion } from '../core/protocol-version.ts'
import { refuseAdmission } from '../core/refusal-answer.ts'
import type { AgentReply } from '../ports.ts'
import type { McpSession } from '../session/mcp-session.ts'
import { admitCaller } from './admit-caller.ts'
import type { Caller, EndpointParts } from './endpoint-parts.ts'
import { findSession } from './find-session.ts'
import { forwardRequest } from './forward-request.ts'
import { openSession } from './open-session.ts'
import { readMessage } from './read-message.ts'

/** One message of the agent. */
export const handlePost = async (
  parts: EndpointParts,
  caller: Caller,
  body: RequestBody,
  reply: AgentReply,
): Promise<void> => {
  if (body.kind === 'broken-off') return
  const read = readMessage(body, parts.maxBodyBytes)
  if ('rejection' in read) {
    parts.events.requestRejected(read.rejection.cause)
    return reply.answer(read.rejection)
  }
  const { message, text } = read
  if (!isVersionSpoken(parts, caller)) {
    parts.events.requestRejected('protocol_version')
    return reply.answer(versionUnknown)
  }
  if (message.kind === 'request' && message.method === 'initialize') {
    return openSession(parts, caller, message, text, reply)
  }
  const id = message.kind === 'request' ? message.id : undefined
  const found = await findSession(parts, caller, id)
  if ('answer' in found) return reply.answer(found.answer)
  if (message.kind === 'request') return forwardRequest(parts, caller, found.session, message, text, reply)
  return forwardNotice(parts, caller, found.session, message, text, reply)
}

/** What gets no response: a notification, or the answer to a request of the server. */
const forwardNotice = async (
  parts: EndpointParts,
  caller: Caller,
  session: McpSession,
  message: RpcNotification | RpcResponse,
  text: string,
  reply: AgentReply,
): Promise<void> => {
  const { refusal } = await admitCaller(parts, caller)
  if (refusal !== undefined) {
    return reply.answer(refuseAdmission(refusal, { id: undefined, metadataUrl: caller.metadataUrl }))
  }
  if (message.kind === 'notification' && message.method === 'notifications/cancelled') {
    const requestId = message.params['requestId']
    // What was not forwarded yet will not be; its server knows nothing of it.
    const isKnown = typeof requestId === 'string' || typeof requestId === 'number'
    if (isKnown && !session.exchanges.cancel(requestId)) return reply.answer(accepted)
  }
  reply.answer(await session.upstream.notify(text, caller.forwarded))
}

/** A server on HTTP says so itself. */
const isVersionSpoken = ({ servers }: EndpointParts, { server, forwarded }: Caller): boolean =>
  servers[server]?.transport !== 'stdio' || isKnownVersion(forwarded['mcp-protocol-version'])

const versionUnknown = reject({
  status: 400,
  cause: 'protocol_version',
  code: errorCode.badRequest,
  message: 'MCP-Protocol-Version: expected 2025-11-25 or an older version with sessions, got another one',
})
