import type { Random } from '@cordon/foundation'

import type { World } from '../world/world.ts'

/** What a tool call came back with. */
export interface ToolAnswer {
  readonly text: string
  /** Why Cordon did not let the call through, where it did not. */
  readonly refusal?: string
}

/** The tools of one session: MCP servers behind the proxy, called through the official client. */
export interface ToolBox {
  call(server: string, tool: string, args: Readonly<Record<string, unknown>>): Promise<ToolAnswer>
}

/** An agent that is a script: it stands for a language model and says so. */
export interface AgentScript {
  readonly agentId: string
  readonly role: string
  /** As they sign in. */
  readonly human: string
  /** What its human asks it for, as the platform declares it. */
  request(world: World): string
  /** Tools it asks for when its session opens. */
  readonly tools: readonly string[]
  /** Does one piece of work. */
  work(tools: ToolBox, world: World, random: Random): Promise<void>
}
