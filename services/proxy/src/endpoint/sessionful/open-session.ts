import { reject } from '../../core/answer.ts'
import { briefInitialize } from '../../core/brief-initialize.ts'
import { withCallToken } from '../../core/call-token.ts'
import type { Era } from '../../core/era.ts'
import { errorCode } from '../../core/error-code.ts'
import type { RpcRequest } from '../../core/json-rpc.ts'
import { ownMessageOf } from '../../core/own-message.ts'
import { refuseAdmission } from '../../core/refusal-answer.ts'
import { isSessionless } from '../../core/stateless/translation.ts'
import type { AgentReply } from '../../ports.ts'
import { divertedReply } from '../../session/diverted-reply.ts'
import { openMcpSession } from '../../session/session-opener.ts'
import { createVouch } from '../../session/vouch.ts'
import { parseMessage } from '../../upstream/inspection.ts'
import { admitCaller } from '../admit-caller.ts'
import type { Caller, EndpointParts } from '../endpoint-parts.ts'

/** `initialize`: opens the way to the tool server, and an MCP session that belongs to the caller's session. */
export const openSession = async (
  parts: EndpointParts,
  caller: Caller,
  said: RpcRequest,
  saidText: string,
  reply: AgentReply,
): Promise<void> => {
  const { id, method } = said
  if (caller.mcpSessionId !== undefined) {
    parts.events.requestRejected('message')
    return reply.answer(alreadyInitialized(id))
  }
  const brief = briefInitialize(said, saidText, caller.headerBytes)
  const { request, text } = brief ?? { request: said, text: saidText }
  const admitted = await admitCaller(parts, caller, method, saidText, text)
  if (admitted.refusal !== undefined)
    return reply.answer(refuseAdmission(admitted.refusal, { id, metadataUrl: caller.metadataUrl }))
  // The agent proved all of it.
  const callToken = brief
    ? await createVouch(parts.engine, () => caller)(ownMessageOf(text))
    : admitted.callToken
  const begin = (spoken: Era, answerTo: AgentReply): void => {
    const { sessionId: owner } = admitted
    const session = openMcpSession(parts, { server: caller.server, owner, token: caller.token, spoken })
    if (session === undefined) {
      parts.events.requestRejected('overloaded')
      return reply.answer(tooMany(id))
    }
    session.markUsed(parts.timers.now())
    const exchange = session.exchanges.open(request, answerTo)!
    exchange.onResponse = ({ error }) => {
      if (error === undefined) session.initialized()
    }
    exchange.onOver.push(() => {
      if (session.state === 'starting') void session.end('initialize_failed')
    })
    reply.setHeader('mcp-session-id', session.id)
    session.exchanges.markForwarded(exchange)
    return session.upstream.request(exchange, text, withCallToken(caller.forwarded, callToken))
  }
  // Servers of either era answer `initialize`; those that know no sessions say so.
  return begin(
    'sessionful',
    divertedReply(reply, isSessionlessText, () => begin('stateless', reply)),
  )
}

const isSessionlessText = (text: string): boolean => {
  const message = parseMessage(text)
  return message?.kind === 'response' && isSessionless(message)
}

const alreadyInitialized = (id: RpcRequest['id']): ReturnType<typeof reject> =>
  reject({
    status: 400,
    cause: 'message',
    code: errorCode.invalidRequest,
    message: 'initialize: expected no Mcp-Session-Id, got one; an MCP session is initialized once',
    id,
  })

const tooMany = (id: RpcRequest['id']): ReturnType<typeof reject> =>
  reject({
    status: 503,
    cause: 'overloaded',
    code: errorCode.overloaded,
    message: 'Cordon: too many MCP sessions are open. End one with DELETE, or try again later.',
    id,
  })
