import { monotonicMs } from '../load/monotonic-time.ts'
import { answerParent } from '../process/child.ts'
import { httpFloor, socketFloor } from './floors.ts'
import type { LoadQuestions } from './load-questions.ts'
import { openMcpCaller, type McpCaller } from './mcp-caller.ts'

// Calls tools, in a process of its own. A call that is not answered by the tool itself ends the bench.

const callers = new Map<string, readonly McpCaller[]>()

answerParent<LoadQuestions>({
  open: async ({ name, targets }) => {
    callers.set(name, await Promise.all(targets.map(target => openMcpCaller(target))))
    return undefined
  },
  latency: async ({ name, tool, durationMs }) => {
    const [caller] = await freshCallers(name)
    const samples: number[] = []
    const until = monotonicMs() + durationMs
    for (let startedAt = monotonicMs(); startedAt < until;) {
      await caller.call(tool)
      const endedAt = monotonicMs()
      samples.push(endedAt - startedAt)
      startedAt = endedAt
    }
    return samples
  },
  throughput: async ({ name, tool, durationMs }) => {
    const fresh = await freshCallers(name)
    const startedAt = monotonicMs()
    const until = startedAt + durationMs
    let calls = 0
    const work = async (caller: McpCaller): Promise<void> => {
      while (monotonicMs() < until) {
        await caller.call(tool)
        calls += 1
      }
    }
    await Promise.all(fresh.map(work))
    return { calls, callsPerSecond: calls / ((monotonicMs() - startedAt) / 1000) }
  },
  floors: async ({ httpPort, socketPath, rounds }) => ({
    http: await httpFloor(httpPort, rounds),
    socket: await socketFloor(socketPath, rounds),
  }),
})

/** With new connections: what lay idle while others had their turn may be closed. */
const freshCallers = async (name: string): Promise<readonly [McpCaller, ...McpCaller[]]> => {
  const [first, ...others] = callers.get(name) ?? []
  if (first === undefined) throw new Error(`load: expected connections to ${name}, got none`)
  await Promise.all([first, ...others].map(caller => caller.renew()))
  return [first, ...others]
}
