import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { readRepository } from './metric-page/read-repository.ts'

// Writes docs/metrics.md from what the services declare. Exit code 1 where a text names a metric that none has.

const root = fileURLToPath(new URL('..', import.meta.url))
// Before the names are read: the page is one of the texts.
writeFileSync(join(root, 'docs/metrics.md'), readRepository(root).page)
const { problems } = readRepository(root)
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exitCode = 1
}
