import type { Answer } from '../core/answer.ts'
import { refuseAdmission } from '../core/refusal-answer.ts'
import { admitCaller } from './admit-caller.ts'
import type { Caller, EndpointParts } from './endpoint-parts.ts'

/**
 * Whether a caller may send more than a small body: a token that nobody has looked at buys no memory and no parsing. It
 * says nothing about the message, which is judged when it is there. @returns what a caller that may not is told
 */
export const admitBody = async (parts: EndpointParts, caller: Caller): Promise<Answer | undefined> => {
  const { refusal } = await admitCaller(parts, caller)
  return refusal === undefined
    ? undefined
    : refuseAdmission(refusal, { id: undefined, metadataUrl: caller.metadataUrl })
}
