import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface TextFile {
  /** From the repository's root. */
  readonly path: string
  readonly text: string
}

/** Files of the repository itself, in the order of their paths. */
export const readFiles = (root: string, pattern: string): readonly TextFile[] =>
  globSync(pattern, { cwd: root, exclude: ['**/node_modules', '**/.cordon'] })
    .toSorted()
    .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))
