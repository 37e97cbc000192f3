import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

import { CordonError } from '@cordon/foundation'

import { runContainmentBench } from './containment/containment-bench.ts'
import { runKernelBench } from './kernel/kernel-bench.ts'
import { runLatencyBench } from './latency/latency-bench.ts'
import { printReport } from './print-report.ts'
import type { BenchReport } from './report.ts'

/** Every bench by its name. */
const benches: Readonly<Record<string, () => Promise<BenchReport>>> = {
  kernel: runKernelBench,
  latency: runLatencyBench,
  containment: runContainmentBench,
}

const usage = `npm run bench -- NAME [--json FILE]

Benches: ${Object.keys(benches).join(', ')}. Each prints machine, input, results with their spread, and what it does not measure.
--json FILE also writes the report there: { name, machine, input, results, notes }, durations in milliseconds; with faults,
and exit code 1, where something that should have been measured was not.`

interface Request {
  readonly bench: () => Promise<BenchReport>
  readonly jsonFile: string | undefined
}

/** @returns what was asked for, or, in words, why it cannot be had; `undefined` where help was asked for */
const parseRequest = (): Request | string | undefined => {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'string' }, help: { type: 'boolean' } },
    })
    if (values.help === true) return undefined
    const [name = ''] = positionals
    const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
    return bench === undefined || positionals.length !== 1
      ? `expected one of ${Object.keys(benches).join(', ')}, got ${positionals.join(' ') || 'nothing'}`
      : { bench, jsonFile: values.json }
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
