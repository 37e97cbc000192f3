import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

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

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, help: { type: 'boolean' } },
})
const [name] = positionals
const bench = name !== undefined && Object.hasOwn(benches, name) ? benches[name] : undefined

if (values.help === true) {
  console.log(usage)
} else if (bench === undefined || positionals.length !== 1) {
  console.error(
    `bench: expected one of ${Object.keys(benches).join(', ')}, got ${positionals.join(' ') || 'nothing'}\n\n${usage}`,
  )
  process.exitCode = 2
} else {
  const report = await bench()
  console.log(printReport(report))
  if (report.faults !== undefined) process.exitCode = 1
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`)
}
