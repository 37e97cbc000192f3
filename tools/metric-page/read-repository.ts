import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { unknownMetrics } from './named-metrics.ts'
import { metricPage } from './page.ts'
import { readMetrics } from './read-metrics.ts'

/** The page as the services of the repository have it, and what its texts for people name that no service has. */
export const readRepository = (
  root: string,
): { readonly page: string; readonly problems: readonly string[] } => {
  const filesOf = (pattern: string): readonly { readonly path: string; readonly text: string }[] =>
    globSync(pattern, { cwd: root, exclude: ['**/node_modules', '**/.cordon'] })
      .toSorted()
      .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))
  const metrics = filesOf('services/*/src/**/*.ts')
    .filter(({ path }) => !path.endsWith('.test.ts'))
    .flatMap(({ path, text }) => readMetrics(path, text))
  const declared = new Set(metrics.map(({ name }) => name))
  return {
    page: metricPage(metrics),
    problems: filesOf('**/*.md').flatMap(file => unknownMetrics(file, declared)),
  }
}
