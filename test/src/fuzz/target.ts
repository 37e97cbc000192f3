import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** A reader of foreign bytes, in a `*.fuzz.ts` beside it. */
export interface FuzzTarget {
  /** Small inputs to start from; what was found once stays here. */
  readonly seeds: readonly Buffer[]
  /** @throws Error where the reader does what it may not: every error but those that it states */
  readonly run: (bytes: Buffer) => void
}

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Where each target is, by the name of what it tests. */
export const targetFiles: ReadonlyMap<string, URL> = new Map(
  globSync('{packages,services}/*/src/**/*.fuzz.ts', { cwd: root })
    .sort()
    .map(path => [basename(path, '.fuzz.ts'), new URL(path, pathToFileURL(root))]),
)

export const loadTarget = async (name: string): Promise<FuzzTarget> =>
  (await import(targetFiles.get(name)!.href)) as FuzzTarget
