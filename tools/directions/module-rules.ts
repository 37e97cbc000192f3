import type { Problem } from './check-file.ts'
import { environmentFree, environmentGiver, environmentReader, guardedModules } from './rules.ts'
import type { SourceFile } from './source-file.ts'
import { packageName } from './workspace-rules.ts'

/** Libraries that one place stands for, and the environment. */
export const moduleProblems = (file: SourceFile): Problem[] => [
  ...guardProblems(file),
  ...environmentProblems(file),
]

const guardProblems = (file: SourceFile): Problem[] =>
  file.imports.flatMap(({ module, line }) => {
    const guard = guardedModules.find(guarded => guarded.module === packageName(module))
    if (guard === undefined || guard.only.some(folder => file.path.startsWith(`${folder}/`))) return []
    return [
      {
        line,
        got: module,
        rule: `${guard.module} is imported by ${guard.only.join(', ')} only`,
        instead: `use what ${guard.only[0]} exports, or add there what is missing`,
      },
    ]
  })

const environmentProblems = ({ path, imports, globals }: SourceFile): Problem[] => {
  if (!environmentFree.test(path) || environmentReader.test(path)) return []
  const isUse = environmentGiver.test(path)
    ? (name: string): boolean => name.startsWith('process.env.')
    : (name: string): boolean => name === 'process.env'
  const uses = [
    ...globals.filter(({ name }) => isUse(name)),
    ...imports
      .filter(({ module }) => module === 'node:process' || module === 'process')
      .map(({ module, line }) => ({ name: module, line })),
  ]
  return uses.map(({ name, line }) => ({
    line,
    got: name,
    rule: 'only the config.ts of a service reads the environment; its main.ts may hand it there whole',
    instead: 'take the setting as an argument; config.ts reads it with readSettings',
  }))
}
