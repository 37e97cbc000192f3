// npm run fuzz: each target for some seconds; exit code 1 where something was found.
import { fuzz } from './fuzz.ts'
import { fuzzUsage, parseFuzzRequest, type FuzzRequest } from './parse-request.ts'
import { loadTarget, targetFiles } from './target.ts'

const run = async ({ targets, seconds, seed }: FuzzRequest): Promise<void> => {
  for (const name of targets) {
    const { inputs, kept, finding } = fuzz(await loadTarget(name), seconds, seed)
    console.log(`${name}: ${inputs} inputs, ${kept} of them kept beside the seeds`)
    if (finding === undefined) continue
    console.error(finding.error)
    console.error(`keep it as a seed: Buffer.from('${finding.input.toString('base64')}', 'base64')`)
    process.exitCode = 1
  }
}

const known = [...targetFiles.keys()]
const request = parseFuzzRequest(process.argv.slice(2), known)
if (request === undefined) {
  console.log(fuzzUsage(known))
} else if (typeof request === 'string') {
  console.error(`fuzz: ${request}. See --help.`)
  process.exitCode = 2
} else {
  await run(request)
}
