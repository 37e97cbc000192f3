import { posix } from 'node:path'

import type { Problem } from './check-file.ts'
import type { Zone } from './rules.ts'
import { serviceZones } from './rules.ts'
import type { SourceFile } from './source-file.ts'

/** Imports inside a service: core, ports, adapters, main. */
export const zoneProblems = (file: SourceFile): Problem[] => {
  const source = /^(services\/[\w-]+\/src\/)(.+)$/.exec(file.path)
  if (source === null) return []
  const [, folder, path] = source
  const from = zoneOf(path!)
  return file.imports.flatMap(({ module, typeOnly, line }) => {
    if (!module.startsWith('.')) return []
    const to = zoneOf(posix.join(posix.dirname(file.path), module).slice(folder!.length))
    const mayHaveType = from.types.includes(to.name)
    if (from.imports.includes(to.name) || (typeOnly && mayHaveType)) return []
    return [
      {
        line,
        got: `${module}, of ${to.name}`,
        rule: ruleText(from),
        instead: mayHaveType
          ? 'import the type only; what does the work comes from main.ts as an argument'
          : 'declare a port for it, and let main.ts pass what implements it',
      },
    ]
  })
}

const zoneOf = (path: string): Zone => serviceZones.find(({ files }) => files.test(path))!

const ruleText = ({ name, imports, types }: Zone): string =>
  [
    `${name} may import ${imports.length === 0 ? 'nothing of the service' : imports.join(', ')}`,
    ...(types.length === 0 ? [] : [`types of ${types.join(', ')}`]),
  ].join('; ')
