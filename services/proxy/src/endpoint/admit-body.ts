import type { Answer } from '../core/answer.ts'
import { refuseAdmission } from '../core/refusal-answer.ts'
import { unexplained } from './admit-caller.ts'
import type { Caller, EndpointParts } from './endpoint-parts.ts'

/**
 * Whether a caller may send more than a small body: a token that nobody has looked at buys no memory and no parsing. It
 * says nothing about the message, whose proof and content are judged when it is there. @returns what a caller that may not is told
 */
export const admitBody = async (
  { engine, events }: EndpointParts,
  { token, server, metadataUrl, tellNonce }: Caller,
): Promise<Answer | undefined> => {
  const { vouched, refusal = unexplained, nonce } = await engine.vouch({ token, server })
  if (vouched) return undefined
  tellNonce(nonce)
  events.requestRefused(refusal.reason)
  return refuseAdmission(refusal, { id: undefined, metadataUrl })
}
