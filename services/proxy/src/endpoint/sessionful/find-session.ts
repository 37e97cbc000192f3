import type { Answer } from '../../core/answer.ts'
import { reject } from '../../core/answer.ts'
import { errorCode } from '../../core/error-code.ts'
import type { RequestId } from '../../core/json-rpc.ts'
import { refuseAdmission } from '../../core/refusal-answer.ts'
import type { McpSession } from '../../session/mcp-session.ts'
import { unexplained } from '../admit-caller.ts'
import type { Caller, EndpointParts } from '../endpoint-parts.ts'

/**
 * The MCP session that a request belongs to. Knowing its id is not enough: the token has to be of the session that opened
 * it, and for anyone else it does not exist. Nothing is proved yet: the request that it is found for is, by itself.
 */
export const findSession = async (
  parts: EndpointParts,
  caller: Caller,
  id: RequestId | undefined,
): Promise<{ readonly session: McpSession } | { readonly answer: Answer }> => {
  const rejected = (rejection: ReturnType<typeof missing>): { readonly answer: Answer } => {
    parts.events.requestRejected(rejection.cause)
    return { answer: rejection }
  }
  if (caller.mcpSessionId === undefined) return rejected(missing(id))
  const session = parts.sessions.find(caller.mcpSessionId, caller.server)
  // One that ended with its session of Cordon is not opened anew: its agent is told that, rather than to initialize again.
  if (session === undefined || !session.knows(caller.token)) {
    const { token, server, tellNonce } = caller
    const { vouched, sessionId, refusal = unexplained, nonce } = await parts.engine.vouch({ token, server })
    tellNonce(nonce)
    if (!vouched) {
      parts.events.requestRefused(refusal.reason)
      return { answer: refuseAdmission(refusal, { id, metadataUrl: caller.metadataUrl }) }
    }
    // It may have ended before, or meanwhile.
    if (session === undefined || sessionId !== session.owner || session.state === 'ended')
      return rejected(unknown(id))
  }
  session.learn(caller.token)
  session.markUsed(parts.timers.now())
  return { session }
}

const missing = (id: RequestId | undefined): ReturnType<typeof reject> =>
  reject({
    status: 400,
    cause: 'session_missing',
    code: errorCode.badRequest,
    message: 'Mcp-Session-Id: expected the id that initialize was answered with, got none',
    id,
  })

/** The answer that makes an agent initialize again. */
export const unknown = (id: RequestId | undefined): ReturnType<typeof reject> =>
  reject({
    status: 404,
    cause: 'session_unknown',
    code: errorCode.sessionNotFound,
    message: 'Mcp-Session-Id: expected an open MCP session, got an ended or unknown one; initialize again',
    id,
  })
