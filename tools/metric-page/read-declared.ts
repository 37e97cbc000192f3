import type { DeclaredMetric } from './declared-metric.ts'
import { readFiles } from '../read-files.ts'
import { readMetrics } from './read-metrics.ts'

/** Every metric that a service of the repository declares. */
export const readDeclared = (root: string): readonly DeclaredMetric[] =>
  readFiles(root, 'services/*/src/**/*.ts')
    .filter(({ path }) => !path.endsWith('.test.ts'))
    .flatMap(({ path, text }) => readMetrics(path, text))
