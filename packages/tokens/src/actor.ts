import { type AgentId, parseAgentId } from '@cordon/foundation'

/** Who acts: one running instance of a registered agent, and on whose word (RFC 8693 §4.1). */
export interface Actor {
  readonly agentId: AgentId
  /** Which run of the agent. */
  readonly instance: string
  /** The orchestrator that launched it. */
  readonly platform: string
  readonly model: string
  /** The agent that started this one; absent where a human did. */
  readonly delegatedBy?: Actor
}

/** How many agents may stand between an agent and its human. */
export const maxDelegationDepth: number = 4

/** In place of an agent where a human uses tools directly; no agent can be registered under it. */
export const directHuman: AgentId = parseAgentId('human')
