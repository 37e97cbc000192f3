import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

import { CordonError } from '@cordon/foundation'

import type { BenchOptions } from './bench-options.ts'
import { runContainmentBench } from './containment/containment-bench.ts'
import { runDetectionBench } from './detection/detection-bench.ts'
import { runEndingBench } from './ending/ending-bench.ts'
import { runFailoverBench } from './failover/failover-bench.ts'
import { runIdentityBench } from './identity/identity-bench.ts'
import { runKernelBench } from './kernel/kernel-bench.ts'
import { runLatencyBench } from './latency/latency-bench.ts'
import { printReport } from './print-report.ts'
import { runProxyBench } from './proxy/proxy-bench.ts'
import type { BenchReport } from './report.ts'
import { runRestoreBench } from './restore/restore-bench.ts'
import { runThroughputBench } from './throughput/throughput-bench.ts'

/** Every bench by its name, and which options it takes. */
const benches: Readonly<Record<string, BenchEntry>> = {
  kernel: { run: runKernelBench, takes: [] },
  latency: { run: runLatencyBench, takes: [] },
  containment: { run: runContainmentBench, takes: [] },
  proxy: { run: runProxyBench, takes: [] },
  throughput: { run: runThroughputBench, takes: ['events'] },
  restore: { run: runRestoreBench, takes: ['sessions'] },
  failover: { run: runFailoverBench, takes: [] },
  ending: { run: runEndingBench, takes: [] },
  identity: { run: runIdentityBench, takes: [] },
  detection: { run: runDetectionBench, takes: ['traces'] },
}

interface BenchEntry {
  readonly run: (options: BenchOptions) => Promise<BenchReport>
  readonly takes: readonly (keyof BenchOptions)[]
}

const usage = `npm run bench -- NAME [--json FILE] [--events N] [--sessions N] [--traces FILE]

Benches: ${Object.keys(benches).join(', ')}. Each prints machine, input, results with their spread, and what it does not measure.
--json FILE also writes the report there: { name, machine, input, results, notes }, durations in milliseconds; with faults,
and exit code 1, where something that should have been measured was not.
--events N (throughput) and --sessions N (restore): less, for a trial, or more.
--traces FILE (detection): labelled sessions.`

interface Request {
  readonly bench: () => Promise<BenchReport>
  readonly jsonFile: string | undefined
}

/** @returns what was asked for, or, in words, why it cannot be had; `undefined` where help was asked for */
const parseRequest = (): Request | string | undefined => {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'string' },
        help: { type: 'boolean' },
        events: { type: 'string' },
        sessions: { type: 'string' },
        traces: { type: 'string' },
      },
    })
    if (values.help === true) return undefined
    const [name = ''] = positionals
    const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
    if (bench === undefined || positionals.length !== 1) {
      return `expected one of ${Object.keys(benches).join(', ')}, got ${positionals.join(' ') || 'nothing'}`
    }
    const options: { -readonly [Name in keyof BenchOptions]: BenchOptions[Name] } = {}
    for (const option of ['events', 'sessions'] as const) {
      const text = values[option]
      if (text === undefined) continue
      if (!bench.takes.includes(option)) return `expected no --${option} for ${name}, got one`
      if (!/^[1-9]\d{0,8}$/.test(text)) return `expected a count after --${option}, got ${text}`
      options[option] = Number(text)
    }
    if (values.traces !== undefined) {
      if (!bench.takes.includes('traces')) return `expected no --traces for ${name}, got one`
      options.traces = values.traces
    }
    return { bench: () => bench.run(options), jsonFile: values.json }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const run = async ({ bench, jsonFile }: Request): Promise<void> => {
  const report = await bench()
  console.log(printReport(report))
  if (report.faults !== undefined) process.exitCode = 1
  if (jsonFile !== undefined) await writeFile(jsonFile, `${JSON.stringify(report, undefined, 2)}\n`)
}

const request = parseRequest()
if (request === undefined) {
  console.log(usage)
} else if (typeof request === 'string') {
  console.error(`bench: ${request}\n\n${usage}`)
  process.exitCode = 2
} else {
  try {
    await run(request)
  } catch (error) {
    // What Cordon itself has to say reads as it is; anything else is a fault of ours and needs its stack.
    console.error(error instanceof CordonError ? `bench: ${error.message}` : error)
    process.exitCode = 1
  }
}
