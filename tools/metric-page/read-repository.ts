import { unknownMetrics } from './named-metrics.ts'
import { metricPage } from './page.ts'
import { readDeclared } from './read-declared.ts'
import { readFiles } from '../read-files.ts'

/** The page as the services of the repository have it, and what its texts for people name that no service has. */
export const readRepository = (
  root: string,
): { readonly page: string; readonly problems: readonly string[] } => {
  const metrics = readDeclared(root)
  const declared = new Set(metrics.map(({ name }) => name))
  return {
    page: metricPage(metrics),
    problems: readFiles(root, '**/*.md').flatMap(file => unknownMetrics(file, declared)),
  }
}
