import { accepted, reject } from '../../core/answer.ts'
import { answerMethod, withCallToken } from '../../core/call-token.ts'
import { isClientMessage } from '../../core/client-methods.ts'
import { isSessionfulVersion } from '../../core/era.ts'
import { errorCode } from '../../core/error-code.ts'
import type { RpcNotification, RpcResponse } from '../../core/json-rpc.ts'
import { methodUnknown } from '../../core/method-unknown.ts'
import { refuseAdmission } from '../../core/refusal-answer.ts'
import type { AgentReply } from '../../ports.ts'
import type { McpSession } from '../../session/mcp-session.ts'
import { admitCaller } from '../admit-caller.ts'
import type { Caller, EndpointParts } from '../endpoint-parts.ts'
import type { Posted } from '../handle-post.ts'
import { findSession, unknown } from './find-session.ts'
import { forwardRequest } from './forward-request.ts'
import { openSession } from './open-session.ts'

/** A message within an MCP session, or the one that opens it (MCP 2025-11-25 and before). */
export const handleSessionful = async (
  parts: EndpointParts,
  caller: Caller,
  { message, text, reply }: Posted,
): Promise<void> => {
  const isSpoken = isVersionSpoken(parts, caller)
  const unspoken = isSpoken ? undefined : versionUnknown
  const isKnown = isClientMessage(message, 'sessionful')
  const rejection = isKnown ? unspoken : methodUnknown(message, 'sessionful')
  if (rejection !== undefined) {
    parts.events.requestRejected(rejection.cause)
    return reply.answer(rejection)
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
  const method = message.kind === 'response' ? answerMethod : message.method
  const admitted = await admitCaller(parts, caller, method, text)
  if (admitted.refusal !== undefined) {
    return reply.answer(refuseAdmission(admitted.refusal, { id: undefined, metadataUrl: caller.metadataUrl }))
  }
  if (admitted.sessionId !== session.owner || session.state === 'ended') {
    parts.events.requestRejected('session_unknown')
    return reply.answer(unknown(undefined))
  }
  if (message.kind === 'notification' && message.method === 'notifications/cancelled') {
    const requestId = message.params['requestId']
    // What was not forwarded yet will not be; its server knows nothing of it.
    const isKnown = typeof requestId === 'string' || typeof requestId === 'number'
    if (isKnown && !session.exchanges.cancel(requestId)) return reply.answer(accepted)
  }
  const headers = withCallToken(caller.forwarded, admitted.callToken)
  reply.answer(await session.upstream.notify(message, text, headers))
}

/** A server on HTTP says so itself. */
const isVersionSpoken = ({ servers }: EndpointParts, { server, forwarded }: Caller): boolean =>
  servers[server]?.transport === 'http' || isSessionfulVersion(forwarded['mcp-protocol-version'])

const versionUnknown = reject({
  status: 400,
  cause: 'protocol_version',
  code: errorCode.badRequest,
  message: 'MCP-Protocol-Version: expected 2025-11-25 or an older version with sessions, got another one',
})
