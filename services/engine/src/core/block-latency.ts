import type { HeldDecision } from '../ports.ts'

/** How long it took from the call that turned a session to the call that was refused for it. Milliseconds. */
export interface BlockLatency {
  /** From the call that caused the decision, by its engine's clock, to the decision's arrival here. */
  readonly callToDecisionMs?: number
  /** From the decision's arrival here to this refusal: mostly the agent's own pause. */
  readonly decisionToBlockMs: number
}

const uuidV7Pattern = /^([0-9a-f]{8})-([0-9a-f]{4})-7/

/** The time in a UUIDv7 (RFC 9562 §5.7): the first 48 bits, in milliseconds since the Unix epoch. */
const timeOfUuidV7 = (uuid: string): number | undefined => {
  const match = uuidV7Pattern.exec(uuid)
  return match === null ? undefined : Number.parseInt(`${match[1]}${match[2]}`, 16)
}

/** @param blockedAt milliseconds since the Unix epoch */
export const blockLatency = ({ decision, receivedAt }: HeldDecision, blockedAt: number): BlockLatency => {
  const calledAt = decision.causedBy === null ? undefined : timeOfUuidV7(decision.causedBy)
  return {
    ...(calledAt !== undefined && { callToDecisionMs: Math.max(0, receivedAt - calledAt) }),
    decisionToBlockMs: Math.max(0, blockedAt - receivedAt),
  }
}
