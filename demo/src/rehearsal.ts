import type { Random } from '@cordon/foundation'
import type { TraceCall, TraceSession } from '@cordon/traces'

import type { AgentScript, ToolBox } from './agents/agent-script.ts'
import { reportAgent } from './agents/report-agent.ts'
import { rehearsingSupportAgent } from './agents/support-agent.ts'
import type { World } from './world/world.ts'

export interface RehearsalOptions {
  readonly world: World
  readonly random: Random
  /** The tools themselves, without Cordon in between. */
  readonly tools: ToolBox
  readonly sessions: number
  /** Longest pause between two calls, in milliseconds: the pace that is learned. It is noted, not waited for. */
  readonly pauseMs: number
}

const callMs = 20

/** Lets both agents do ordinary work on the real tools and notes it, so that there is something to compare with. */
export const rehearse = async (options: RehearsalOptions): Promise<readonly TraceSession[]> => {
  const sessions: TraceSession[] = []
  for (let index = 0; index < options.sessions; index += 1) {
    const script = index % 2 === 0 ? rehearsingSupportAgent(index / 2) : reportAgent
    sessions.push(await rehearseSession(script, `rehearsal-${index}`, options))
  }
  return sessions
}

const rehearseSession = async (
  script: AgentScript,
  id: string,
  { world, random, tools, pauseMs }: RehearsalOptions,
): Promise<TraceSession> => {
  const calls: TraceCall[] = []
  let at = 0
  const noting: ToolBox = {
    call: async (server, tool, args) => {
      const answer = await tools.call(server, tool, args)
      at += random() * pauseMs
      const timing = { startMs: at, endMs: at + callMs }
      at += callMs
      const { text } = answer
      calls.push({
        tool: `${server}/${tool}`,
        arguments: args,
        result: text,
        resultChars: text.length,
        failed: false,
        ...timing,
      })
      return answer
    },
  }
  await script.work(noting, world, random)
  return { id, agentId: script.agentId, role: script.role, request: script.request(world), calls }
}
