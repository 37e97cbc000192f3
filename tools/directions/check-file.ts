import { moduleProblems } from './module-rules.ts'
import { purityProblems } from './purity-rules.ts'
import type { SourceFile } from './source-file.ts'
import type { Violation } from './violation.ts'
import { workspaceProblems } from './workspace-rules.ts'
import type { Monorepo } from './workspace.ts'
import { zoneProblems } from './zone-rules.ts'

/** What a rule finds; file and line are added to it. */
export type Problem = Omit<Violation, 'file'>

/** Everything that one file imports or uses against the rules. */
export const checkFile = (file: SourceFile, monorepo: Monorepo): Violation[] => {
  const isTest = file.path.endsWith('.test.ts')
  const problems = [
    ...workspaceProblems(file, monorepo),
    ...moduleProblems(file),
    // Tests stand beside what they test, and may use whatever the service has.
    ...(isTest ? [] : [...zoneProblems(file), ...purityProblems(file)]),
  ]
  return problems.map(problem => ({ file: file.path, ...problem }))
}
