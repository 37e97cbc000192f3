import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import type { Layer } from './rules.ts'

/** A workspace of the monorepo, as its package.json has it. */
export interface Workspace {
  readonly name: string
  /** Relative to the root, with `/`. */
  readonly folder: string
  readonly layer: Layer
  /** Names of packages, those for development included. */
  readonly dependencies: ReadonlySet<string>
  /** What others may name: `.`, `./types`. */
  readonly exports: ReadonlySet<string>
}

interface Manifest {
  readonly name: string
  readonly workspaces?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly exports?: string | Readonly<Record<string, unknown>>
}

export interface Monorepo {
  readonly workspaces: readonly Workspace[]
  /** The root's: tools for development that tests of every workspace may use. */
  readonly developmentTools: ReadonlySet<string>
}

/** @param root the folder of the root package.json */
export const readMonorepo = (root: string): Monorepo => {
  const manifest = readManifest(join(root, 'package.json'))
  const files = globSync(
    (manifest.workspaces ?? []).map(pattern => `${pattern}/package.json`),
    { cwd: root },
  )
  return {
    workspaces: files.sort().map(file => workspaceOf(dirname(file), readManifest(join(root, file)))),
    developmentTools: new Set(Object.keys(manifest.devDependencies ?? {})),
  }
}

const workspaceOf = (folder: string, manifest: Manifest): Workspace => ({
  name: manifest.name,
  folder,
  layer: folder.split('/')[0] as Layer,
  dependencies: new Set(
    Object.keys({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    }),
  ),
  exports: exportsOf(manifest),
})

const exportsOf = ({ exports }: Manifest): Set<string> => {
  if (exports === undefined) return new Set()
  return new Set(typeof exports === 'string' ? ['.'] : Object.keys(exports))
}

const readManifest = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8')) as Manifest
