import { join } from 'node:path'

import { percentiles } from '@cordon/foundation'

import { hop } from '../hop.ts'
import { startChild, type Child } from '../process/child.ts'
import { loadAverage } from '../process/machine-load.ts'
import { thisMachine, type BenchReport } from '../report.ts'
import { timed } from './floors.ts'
import type { LoadPhase, LoadQuestions } from './load-questions.ts'
import type { McpTarget } from './mcp-caller.ts'
import { histogramTotal, meanMs } from './metric-mean.ts'
import { toolModes } from './proxy-bundle.ts'
import { perCall, processorMeter, type ProcessorMeter } from './processor-meter.ts'
import { processorResults, proxyResults, type WayRound } from './proxy-results.ts'
import { startProxyStack, type ProxyStack } from './proxy-stack.ts'
import type { ServerQuestions } from './server-questions.ts'

const input = {
  connections: 32,
  rounds: 5,
  latencyMs: 2000,
  throughputMs: 2000,
  // Code is being compiled until then, in six processes; in the broker the longest.
  warmUpMs: 6000,
  floorRounds: 2000,
  argumentsBytes: 1500,
  resultBytes: 1200,
} as const

/** What Cordon adds to a tool call, and what is left of a bare reverse proxy's rate. */
export const runProxyBench = async (): Promise<BenchReport> => {
  const server = startChild<ServerQuestions>(new URL('tool-server-process.ts', import.meta.url))
  const bare = startChild<ServerQuestions>(new URL('reverse-proxy-process.ts', import.meta.url))
  const floor = startChild<ServerQuestions>(new URL('floor-process.ts', import.meta.url))
  const load = startChild<LoadQuestions>(new URL('load-process.ts', import.meta.url))
  const children = [load, floor, bare, server]
  try {
    const serverPort = await server.ask('listen', {})
    const stack = await startProxyStack(serverPort)
    try {
      const barePort = await bare.ask('listen', { upstreamPort: serverPort })
      await openWays(load, stack, { serverPort, barePort })
      const meter = processorMeter({
        load: load.pid,
        toolServer: server.pid,
        bare: bare.pid,
        ...stack.pids,
      })
      const rounds = await runRounds(load, stack, meter)
      const busy = loadAverage()
      return {
        name: 'proxy',
        machine: thisMachine(),
        input: { ...input, broker: stack.broker },
        results: {
          ...proxyResults(rounds),
          ...processorResults(rounds),
          floors: await measureFloors(load, floor, stack),
          loadAverage: busy,
        },
        notes,
      }
    } finally {
      await stack.close()
    }
  } finally {
    await Promise.all(children.map(child => child.stop()))
  }
}

/** How a call gets to the tool: over which connections, and by which name there. */
const ways: readonly { readonly name: string; readonly over: string; readonly tool: string }[] = [
  { name: 'direct', over: 'direct', tool: 'enforce' },
  { name: 'bare', over: 'bare', tool: 'enforce' },
  ...Object.keys(toolModes).map(tool => ({ name: tool, over: 'cordon', tool })),
]

const openWays = async (
  load: Child<LoadQuestions>,
  stack: ProxyStack,
  { serverPort, barePort }: { readonly serverPort: number; readonly barePort: number },
): Promise<void> => {
  const targets = (port: number): readonly McpTarget[] =>
    Array.from({ length: input.connections }, () => ({ port, path: '/mcp' }))
  await load.ask('open', { name: 'direct', targets: targets(serverPort) })
  await load.ask('open', { name: 'bare', targets: targets(barePort) })
  await load.ask('open', { name: 'cordon', targets: await stack.openTargets(input.connections) })
}

const runRounds = async (
  load: Child<LoadQuestions>,
  stack: ProxyStack,
  meter: ProcessorMeter,
): Promise<ReadonlyMap<string, readonly WayRound[]>> => {
  for (const { over, tool } of ways) {
    await load.ask('throughput', { name: over, tool, durationMs: input.warmUpMs })
  }
  const rounds = new Map(ways.map(({ name }): [string, WayRound[]] => [name, []]))
  for (let round = 0; round < input.rounds; round += 1) {
    // Another one begins each time: what one leaves behind must not always meet the same other.
    const first = round % ways.length
    for (const { name, over, tool } of [...ways.slice(first), ...ways.slice(0, first)]) {
      const phase = { name: over, tool }
      rounds.get(name)!.push(await runWay(load, stack, meter, phase))
    }
    console.error(`round ${round + 1} of ${input.rounds}`)
  }
  return rounds
}

const runWay = async (
  load: Child<LoadQuestions>,
  stack: ProxyStack,
  meter: ProcessorMeter,
  phase: Omit<LoadPhase, 'durationMs'>,
): Promise<WayRound> => {
  const asked = async () => histogramTotal(await stack.metrics('proxy'), 'cordon_proxy_call_decision_seconds')
  const before = { asked: await asked(), processor: await meter() }
  const latency = await load.ask('latency', { ...phase, durationMs: input.latencyMs })
  const between = { asked: await asked(), processor: await meter() }
  const { calls, callsPerSecond } = await load.ask('throughput', {
    ...phase,
    durationMs: input.throughputMs,
  })
  const after = await meter()
  return {
    latency,
    callsPerSecond,
    alone: perCall(before.processor, between.processor, latency.length),
    together: perCall(between.processor, after, calls),
    ...(between.asked.count > before.asked.count && { askedMs: meanMs(before.asked, between.asked) }),
  }
}

/** What each hop costs where nothing is done at its end. */
const measureFloors = async (
  load: Child<LoadQuestions>,
  floor: Child<ServerQuestions>,
  { client, folder }: ProxyStack,
) => {
  const socketPath = join(folder, 'floor.sock')
  const httpPort = await floor.ask('listen', { socketPath })
  const { http, socket } = await load.ask('floors', { httpPort, socketPath, rounds: input.floorRounds })
  const publisher = await client.openPublisher()
  const record = { topic: 'security-signals', partition: 0, key: 'floor', value: Buffer.alloc(400) } as const
  const append = await timed(input.floorRounds, () => publisher.publish([record]))
  await publisher.close()
  return {
    ...hop('http', percentiles(http)),
    ...hop('socket', percentiles(socket)),
    ...hop('append', percentiles(append)),
  }
}

const notes = [
  'Milliseconds of one tools/call on one keep-alive connection, one after the other (p50, p99), and what a way adds to the same call without anything in between. callsPerSecond: 32 connections, one call after the other on each; ofBare: of the bare reverse proxy in the same round. Rounds of all ways alternate; medians, lowest and highest of the rounds.',
  'direct: the tool server, official SDK, JSON answers. bare: a reverse proxy of a few lines, http.request with a keep-alive agent. enforce: Cordon, the attempt acknowledged by Kafka before the call is forwarded. low: a read of little sensitivity, which does not wait. gate: waits for the verdict of the scorer. monitor: watched, never waits.',
  'askedEngineMean: from asking the engine to its answer, by the proxy; what is added beyond it is parsing, the second HTTP hop and the report of the outcome. enforce beside low: the wait for the log. gate beside enforce: the wait for the verdict.',
  'alone, together: milliseconds of processor time of each process per call, all its threads, as the system counts them (/proc/PID/stat, hundredths of a second over the whole phase); alone: one connection, together: all 32. The load signs a proof for each call in enforce, low, gate and monitor, and none in direct and bare.',
  'Floors, each one after the other: an HTTP round trip of such a size with nothing at the end; a Unix socket that sends the bytes back; a record of 400 bytes acknowledged by the broker.',
  'A broker that is started here compiles as the JVM does by default, both ways (`run: long` of infra), as a broker that runs for days does.',
  'Every answer is checked: a call that was refused, or not answered by the tool itself, ends the bench. Load, tool server, bare proxy, broker, registry, identity, scorer, engine and proxy share the machine, so rates of ways with more processes are those of a machine that is full.',
  'Not measured: TLS, networks, event streams, stdio servers, replication, a tool that takes its time.',
] as const
