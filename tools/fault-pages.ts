import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { readRepository } from './fault-pages/read-repository.ts'

// Writes docs/faults.md from the comments above the tests. Exit code 1 where a comment is wrong.

const root = fileURLToPath(new URL('..', import.meta.url))
const { page, problems } = readRepository(root)
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exitCode = 1
}
writeFileSync(join(root, 'docs/faults.md'), page)
