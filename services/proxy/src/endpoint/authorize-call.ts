import type { AuthorizeAnswer } from '@cordon/engine-socket'
import type { SessionId } from '@cordon/foundation'

import type { Answer } from '../core/answer.ts'
import type { Era } from '../core/era.ts'
import type { GuardedCall } from '../core/guarded-call.ts'
import { answerBytesOf, plainTaskOf } from '../core/guarded-call.ts'
import type { RequestId } from '../core/json-rpc.ts'
import { restDigestOf, unprovable } from '../core/proven-digest.ts'
import { refuseCall } from '../core/refusal-answer.ts'
import { listedFacts } from '../core/tool-definitions.ts'
import { unexplained } from './admit-caller.ts'
import type { Caller, EndpointParts } from './endpoint-parts.ts'

/** A call that may be forwarded, or what its agent is told instead. */
export type AuthorizedCall =
  | {
      readonly sessionId: SessionId | undefined
      readonly invocationId: AuthorizeAnswer['invocationId']
      /** For the server, once. */
      readonly callToken: string | undefined
      readonly answer?: never
    }
  | { readonly answer: Answer }

interface AskedCall {
  readonly call: GuardedCall
  readonly id: RequestId
  readonly era: Era
  /** The session whose agent was shown the tool; whose call it is the engine finds out. */
  readonly listedTo: string | undefined
}

/** The enforcement point proper: asks about a call, which is forwarded where the engine says so and only then. */
export const authorizeCall = async (
  { engine, events, timers, definitions }: EndpointParts,
  { token, takeProof, htm, htu, server, metadataUrl, tellNonce, headerBytes }: Caller,
  { call, id, era, listedTo }: AskedCall,
): Promise<AuthorizedCall> => {
  const restDigest = call.rest === undefined ? undefined : restDigestOf(call.rest)
  if (call.rest !== undefined && restDigest === undefined) {
    events.requestRefused(unprovable.reason)
    const denied = { verdict: 'deny', nonce: '' } as const
    return { answer: refuseCall(unprovable, denied, call, { id, era, metadataUrl }) }
  }
  const task = plainTaskOf(call)
  const answerBytes = answerBytesOf(call, headerBytes)
  const askedAt = timers.now()
  const decision = await engine.authorize({
    token,
    proof: takeProof(),
    htm,
    htu,
    server,
    tool: call.tool,
    arguments: call.arguments,
    ...(restDigest !== undefined && { restDigest }),
    ...(task !== undefined && { task }),
    ...listedFacts(definitions.find(listedTo, server, call.tool)),
    ...(answerBytes !== undefined && { answerBytes }),
  })
  tellNonce(decision.nonce)
  events.callDecided(decision.verdict, (timers.now() - askedAt) / 1000)
  const { verdict, sessionId, invocationId, downstreamToken: callToken, refusal = unexplained } = decision
  if (verdict === 'forward') return { sessionId, invocationId, callToken }
  events.requestRefused(refusal.reason)
  return { answer: refuseCall(refusal, decision, call, { id, era, metadataUrl }) }
}
