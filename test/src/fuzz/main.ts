// npm run fuzz -- [target …] [--seconds N] [--seed S]: each target for N seconds; exit code 1 where something was found.
import { parseArgs } from 'node:util'

import { fuzz } from './fuzz.ts'
import { loadTarget, targetFiles } from './target.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
})
const names = positionals.length > 0 ? positionals : [...targetFiles.keys()]
const unknown = names.find(name => !targetFiles.has(name))
if (unknown !== undefined) {
  console.error(`expected one of ${[...targetFiles.keys()].join(', ')}, got ${unknown}`)
  process.exit(1)
}

for (const name of names) {
  const { inputs, corpus, finding } = fuzz(
    await loadTarget(name),
    Number(values.seconds),
    Number(values.seed),
  )
  console.log(`${name}: ${inputs} inputs, ${corpus} of them kept`)
  if (finding === undefined) continue
  console.error(finding.error)
  console.error(`keep it as a seed: Buffer.from('${finding.input.toString('base64')}', 'base64')`)
  process.exitCode = 1
}
