import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { claimProblems } from './check-claims.ts'
import { declaredMetrics } from './declared-metrics.ts'
import { faultPage } from './page.ts'
import { readClaims } from './read-claims.ts'

const isTest = (path: string): boolean => path.endsWith('.test.ts')

/** The page as the tests of the repository have it, and what is wrong with their comments. */
export const readRepository = (root: string): { page: string; problems: string[] } => {
  const read = (path: string): { path: string; text: string } => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  })
  const paths = globSync('{schemas,packages,services,infra,replay,demo,cli,test}/**/*.ts', {
    cwd: root,
    exclude: ['**/node_modules'],
  }).sort()
  const isDeclared = declaredMetrics(paths.filter(path => !isTest(path)).map(read))
  const files = paths
    .filter(isTest)
    .map(read)
    .map(({ path, text }) => readClaims(path, text))
  return {
    page: faultPage(files.flatMap(file => file.claims)),
    problems: claimProblems(files, isDeclared),
  }
}
