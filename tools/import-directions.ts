import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { checkFile } from './directions/check-file.ts'
import { packageCycles } from './directions/package-cycles.ts'
import { parseSource } from './directions/source-file.ts'
import { violationTexts } from './directions/violation.ts'
import { readMonorepo } from './directions/workspace.ts'

// Checks every source file against the rules in directions/rules.ts. Exit code 1 where one is broken.

const root = fileURLToPath(new URL('..', import.meta.url))
const monorepo = readMonorepo(root)
const folders = [...monorepo.workspaces.map(({ folder }) => folder), 'tools']
const paths = folders
  .flatMap(folder =>
    globSync(`${folder}/{src/**/,,directions/,fault-pages/,metric-page/}*.ts`, { cwd: root }),
  )
  .sort()

const problems = [
  ...violationTexts(
    paths.flatMap(path => checkFile(parseSource(path, readFileSync(join(root, path), 'utf8')), monorepo)),
  ),
  ...packageCycles(monorepo.workspaces).map(
    cycle =>
      `package.json\n  got      ${cycle.join(' → ')}\n  rule     packages depend on each other without cycles\n  instead  move what both need into a package below both`,
  ),
]

if (problems.length > 0) {
  console.error(`${problems.join('\n\n')}\n\n${problems.length} against the import directions`)
  process.exitCode = 1
}
