import { setTimeout as pause } from 'node:timers/promises'

import type { Random } from '@cordon/foundation'

import type { AgentScript, ToolBox } from './agents/agent-script.ts'
import { reportAgent } from './agents/report-agent.ts'
import { ordinarySupportAgent, poisonedSupportAgent } from './agents/support-agent.ts'
import type { AgentPlatform } from './session/agent-platform.ts'
import { openGuardedTools } from './session/mcp-tool-box.ts'
import { shuffle } from './world/random.ts'
import type { World } from './world/world.ts'

/** One call of a played session. */
export interface PlayedCall {
  readonly server: string
  readonly tool: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** What the agent was told, where Cordon refused. */
  readonly refusal?: string
  /** As the agent saw it, request to answer. */
  readonly durationMs: number
}

export interface PlayedSession {
  readonly sessionId: string
  readonly agentId: string
  readonly poisoned: boolean
  readonly calls: readonly PlayedCall[]
}

export interface ScenarioOptions {
  readonly platform: AgentPlatform
  readonly world: World
  readonly random: Random
  readonly ordinarySessions: number
  /** How many sessions run side by side. */
  readonly parallel: number
  /** Longest pause between two calls of a session, in milliseconds. */
  readonly pauseMs: number
  /** Stops between two calls. */
  readonly signal?: AbortSignal
}

/** Plays ordinary sessions side by side and, among them, the one that reads the poisoned ticket. */
export const playScenario = async (options: ScenarioOptions): Promise<readonly PlayedSession[]> => {
  const scripts = shuffle(options.random, [
    poisonedSupportAgent,
    ...Array.from({ length: options.ordinarySessions }, (_, index) =>
      index % 2 === 0 ? ordinarySupportAgent : reportAgent,
    ),
  ])
  const played: PlayedSession[] = []
  const worker = async (): Promise<void> => {
    for (let script = scripts.pop(); script !== undefined; script = scripts.pop()) {
      options.signal?.throwIfAborted()
      played.push(await playSession(script, options))
    }
  }
  await Promise.all(Array.from({ length: options.parallel }, worker))
  return played
}

/** Plays one session of one agent: open, work, end. */
const playSession = async (script: AgentScript, options: ScenarioOptions): Promise<PlayedSession> => {
  const session = await options.platform.open(script, script.request(options.world))
  const calls: PlayedCall[] = []
  try {
    const toolBox = await openGuardedTools(session, serversOf(script))
    try {
      await script.work(pacedAndNoted(toolBox, calls, options), options.world, options.random)
    } finally {
      await toolBox.close()
    }
  } finally {
    await session.end()
  }
  const { sessionId } = session
  return { sessionId, agentId: script.agentId, poisoned: script === poisonedSupportAgent, calls }
}

const serversOf = ({ tools }: AgentScript): readonly string[] => [
  ...new Set(tools.map(tool => tool.slice(0, tool.indexOf('/')))),
]

const pacedAndNoted = (toolBox: ToolBox, calls: PlayedCall[], options: ScenarioOptions): ToolBox => ({
  call: async (server, tool, args) => {
    await pause(options.random() * options.pauseMs, undefined, options.signal && { signal: options.signal })
    const start = performance.now()
    const answer = await toolBox.call(server, tool, args)
    const durationMs = performance.now() - start
    calls.push({
      server,
      tool,
      arguments: args,
      durationMs,
      ...(answer.refusal === undefined ? {} : { refusal: answer.refusal }),
    })
    return answer
  },
})
