import type { FrontHandler } from '../adapters/http-front.ts'
import type { AdmitBody, RequestBody } from '../adapters/request-body.ts'
import type { AgentRequest } from '../core/agent-request.ts'
import { headerOf } from '../core/agent-request.ts'
import { reject } from '../core/answer.ts'
import type { Answer, Rejection } from '../core/answer.ts'
import { sessionToken, shownProof } from '../core/checks/check-token.ts'
import { withCallToken } from '../core/call-token.ts'
import { errorCode } from '../core/error-code.ts'
import { headerBytesOf } from '../core/header-bytes.ts'
import { endpointUrl, metadataUrl, parsePath, protectedResource } from '../core/protected-resource.ts'
import { refuseAdmission } from '../core/refusal-answer.ts'
import { endpointChecks, hostChecks, runChecks } from '../core/request-checks.ts'
import { paramHeaders } from '../core/stateless/check-param-headers.ts'
import { unreadableRequests } from '../core/unreadable-request.ts'
import type { UnreadableCause } from '../core/unreadable-request.ts'
import type { AgentReply } from '../ports.ts'
import { admitBody } from './admit-body.ts'
import { admitCaller } from './admit-caller.ts'
import type { Caller, EndpointParts } from './endpoint-parts.ts'
import { handlePost } from './handle-post.ts'
import { findSession, unknown } from './sessionful/find-session.ts'

/** Everything that agents reach over HTTP. */
export interface McpEndpoint {
  readonly handle: FrontHandler
  /** What a connection is told whose bytes never became a request. */
  readonly turnAwayUnreadable: (cause: UnreadableCause) => Answer
  /** From now on every request is turned away; what is open goes on. */
  drain(): void
}

export const createMcpEndpoint = (parts: EndpointParts): McpEndpoint => {
  const { servers, events, hosts, authorizationServer } = parts
  let draining = false

  const turnAway = (reply: AgentReply, rejection: Rejection): void => {
    events.requestRejected(rejection.cause)
    reply.answer(rejection)
  }

  const answer = async (
    request: AgentRequest,
    readBody: (admit: AdmitBody) => Promise<RequestBody>,
    reply: AgentReply,
  ): Promise<void> => {
    const publicUrl = parts.publicUrl()
    const path = parsePath(request.path)
    const server = path !== undefined && Object.hasOwn(servers, path.server) ? path.server : undefined
    const context = { hosts, metadataUrl: metadataUrl(publicUrl, server ?? '') }
    const foreign = runChecks(hostChecks, request, context)
    if (foreign !== undefined) return turnAway(reply, foreign)
    if (path === undefined || server === undefined) return turnAway(reply, nothingHere)
    if (path.kind === 'metadata')
      return reply.answer(protectedResource(publicUrl, server, authorizationServer))
    const rejection = runChecks(endpointChecks, request, context) ?? (draining ? stopping : undefined)
    if (rejection !== undefined) return turnAway(reply, rejection)

    const tellNonce = (nonce: string): void => {
      if (nonce !== '') reply.setHeader('dpop-nonce', nonce)
    }
    // What is turned away before the engine is asked says the last one that was heard of.
    tellNonce(parts.engine.nonce)
    const htu = endpointUrl(publicUrl, server)
    const caller = callerOf(request, { server, htu, tellNonce, metadataUrl: context.metadataUrl })
    if (request.method === 'POST') {
      const body = await readBody(() => admitBody(parts, caller))
      return handlePost(parts, caller, request, body, reply)
    }
    const found = await findSession(parts, caller, undefined)
    if ('answer' in found) return reply.answer(found.answer)
    const admitted = await admitCaller(parts, caller, request.method)
    if (admitted.refusal !== undefined) {
      const { metadataUrl: about } = caller
      return reply.answer(refuseAdmission(admitted.refusal, { id: undefined, metadataUrl: about }))
    }
    // It may have ended meanwhile: nobody would watch over a stream of it any more.
    const isOpen = found.session.state !== 'ended'
    if (admitted.sessionId !== found.session.owner || !isOpen) return turnAway(reply, unknown(undefined))
    if (request.method === 'DELETE') {
      void found.session.end('deleted')
      return reply.answer(gone)
    }
    found.session.hold(reply)
    found.session.upstream.listen(reply, withCallToken(caller.forwarded, admitted.callToken))
    reply.onOver(() => found.session.markUsed(parts.timers.now()))
  }

  return {
    async handle(request, readBody, reply) {
      try {
        await answer(request, readBody, reply)
      } catch (error) {
        events.requestFailed(error)
        reply.answer(internalError)
        reply.end()
      }
    },
    turnAwayUnreadable(cause) {
      events.requestRejected(cause)
      return unreadableRequests[cause]
    },
    drain() {
      draining = true
    },
  }
}

/** Of an agent's headers only these mean something to a tool server. The rest, its authorization above all, stays here. */
const forwardedHeaders = ['mcp-protocol-version', 'last-event-id', 'traceparent', 'tracestate']

const callerOf = (
  request: AgentRequest,
  asked: Pick<Caller, 'server' | 'htu' | 'tellNonce' | 'metadataUrl'>,
): Caller => {
  const forwarded: Record<string, string> = {}
  for (const name of forwardedHeaders) {
    const value = headerOf(request, name)
    if (value !== undefined) forwarded[name] = value
  }
  return {
    ...asked,
    token: sessionToken(request) ?? '',
    proof: shownProof(request),
    htm: request.method,
    forwarded,
    headerBytes: headerBytesOf({ ...forwarded, ...paramHeaders(request) }),
    mcpSessionId: headerOf(request, 'mcp-session-id'),
  }
}

const gone: Answer = { status: 200, headers: {}, body: '' }

const nothingHere = reject({
  status: 404,
  cause: 'path',
  code: errorCode.badRequest,
  message: 'path: expected /mcp/<server> with the name of a tool server that this proxy knows, got another',
})

const stopping = reject({
  status: 503,
  cause: 'draining',
  code: errorCode.overloaded,
  message: 'Cordon: this proxy is stopping. Try again in a moment.',
  headers: { connection: 'close', 'retry-after': '1' },
})

const internalError = reject({
  status: 500,
  cause: 'message',
  code: errorCode.internalError,
  message: 'Cordon: the proxy failed on this request; it was not allowed.',
})
