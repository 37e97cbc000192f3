import { readDeclared } from '../metric-page/read-declared.ts'
import { readFiles } from '../read-files.ts'
import { claimProblems } from './check-claims.ts'
import { faultPage } from './page.ts'
import { readClaims } from './read-claims.ts'

/** The page as the tests of the repository have it, and what is wrong with their comments. */
export const readRepository = (root: string): { page: string; problems: string[] } => {
  const files = readFiles(root, '{schemas,packages,services,infra,replay,demo,cli,test}/**/*.test.ts').map(
    ({ path, text }) => readClaims(path, text),
  )
  return {
    page: faultPage(files.flatMap(file => file.claims)),
    problems: claimProblems(files, new Set(readDeclared(root).map(({ name }) => name))),
  }
}
