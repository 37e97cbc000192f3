import type { Problem } from './check-file.ts'
import { impureExports, impureGlobals, pureFolders, purePackages } from './rules.ts'
import type { ModuleImport, SourceFile } from './source-file.ts'
import { packageName } from './workspace-rules.ts'

const rule = 'code that decides only computes: no I/O, no clock, no randomness, no waiting'

/** What a core must not import, and which globals it must not touch. */
export const purityProblems = (file: SourceFile): Problem[] => {
  if (!pureFolders.some(folder => folder.test(file.path))) return []
  return [
    ...file.imports.flatMap(importProblems),
    ...file.globals
      .filter(({ name }) => impureGlobals.includes(name))
      .map(({ name, line }) => ({
        line,
        got: name,
        rule,
        instead: 'take the time as `now`, ids as arguments, and everything else through a port',
      })),
  ]
}

const importProblems = ({ module, typeOnly, names, line }: ModuleImport): Problem[] => {
  if (typeOnly || module.startsWith('.')) return []
  if (!purePackages.includes(packageName(module)))
    return [
      {
        line,
        got: module,
        rule,
        instead: 'import its types only, and put what it does behind a port of the service',
      },
    ]
  return names
    .filter(name => Object.hasOwn(impureExports, name))
    .map(name => ({ line, got: `${name} of ${module}`, rule, instead: impureExports[name]! }))
}
