import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Proof } from './proof.ts'
import { proofsOf, shortNameOf } from './proof.ts'

const testFiles = ['schemas', 'packages', 'services', 'infra', 'replay', 'cli', 'test'].map(
  folder => `${folder}/**/*.test.ts`,
)
/** Where the series of services and libraries are named. */
const sourceFiles = ['services/*/src/**/*.ts', 'packages/*/src/**/*.ts']

/**
 * Every proof in the repository, in the order of files and places.
 * @throws Error where one lacks something, is there twice, or is counted by a series that nothing has
 */
export const readProofs = (root: string): readonly Proof[] => {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8')
  const list = (patterns: readonly string[]): string[] =>
    globSync(patterns, { cwd: root, exclude: path => path.includes('node_modules') }).sort()
  const proofs = list(testFiles).flatMap(file => {
    const text = read(file)
    return /@(fault|input)\b/.test(text) ? proofsOf(file, text) : []
  })
  const sources = list(sourceFiles)
    .filter(file => !file.endsWith('.test.ts'))
    .map(read)
    .join('\n')
  const seen = new Set<string>()
  for (const { kind, what, counter, file } of proofs) {
    const row = `${kind} ${what}`
    if (seen.has(row)) throw new Error(`${file}: @${row}: expected it once, got it twice`)
    seen.add(row)
    const series = counter && shortNameOf(counter).replace(/_(count|sum|bucket)$/, '')
    if (series !== undefined && !sources.includes(`'${series}'`)) {
      throw new Error(`${file}: @${row}: expected a series that a service has, got ${counter}`)
    }
  }
  return proofs
}
