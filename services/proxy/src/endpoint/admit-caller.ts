import type { Refusal } from '@cordon/engine-socket'
import type { SessionId } from '@cordon/foundation'

import { contentDigestOf, unprovable } from '../core/proven-digest.ts'
import type { Caller, EndpointParts } from './endpoint-parts.ts'

export type AdmittedCaller =
  | {
      readonly sessionId: SessionId
      /** For the server, once. */
      readonly callToken: string | undefined
      /** See `AdmitReply`. */
      readonly pins: Readonly<Record<string, string>> | undefined
      readonly refusal?: never
    }
  | { readonly sessionId?: never; readonly refusal: Refusal }

/**
 * Whether a session may make this request, which calls nothing.
 * @param method see `AdmitRequest`
 * @param text of its message, where it has one
 * @param sent what of that goes on to the tool server, where that is less
 */
export const admitCaller = async (
  { engine, events }: Pick<EndpointParts, 'engine' | 'events'>,
  { token, takeProof, htm, htu, server, tellNonce, headerBytes }: Caller,
  method: string,
  text?: string,
  sent: string | undefined = text,
): Promise<AdmittedCaller> => {
  const contentDigest = text === undefined ? undefined : contentDigestOf(text)
  if (text !== undefined && contentDigest === undefined) {
    events.requestRefused(unprovable.reason)
    return { refusal: unprovable }
  }
  const answer = await engine.admit({
    token,
    proof: takeProof(),
    htm,
    htu,
    server,
    method,
    ...(contentDigest !== undefined && { contentDigest }),
    bytes: headerBytes + (sent === undefined ? 0 : Buffer.byteLength(sent)),
  })
  const { admitted, sessionId, refusal = unexplained, downstreamToken, pins } = answer
  tellNonce(answer.nonce)
  if (admitted && sessionId !== undefined) return { sessionId, callToken: downstreamToken, pins }
  events.requestRefused(refusal.reason)
  return { refusal }
}

/** An engine that says no says why; one that does not is of another version. */
export const unexplained: Refusal = {
  reason: 'ENGINE_UNAVAILABLE',
  message: 'The engine did not say whose session this is, or why not.',
}
