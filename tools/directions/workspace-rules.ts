import { posix } from 'node:path'

import type { Problem } from './check-file.ts'
import { layerImports } from './rules.ts'
import type { ModuleImport, SourceFile } from './source-file.ts'
import type { Monorepo, Workspace } from './workspace.ts'

/** Imports across workspaces: layers, declared dependencies, entry points. */
export const workspaceProblems = (file: SourceFile, monorepo: Monorepo): Problem[] => {
  const from = monorepo.workspaces.find(({ folder }) => file.path.startsWith(`${folder}/`))
  return file.imports.flatMap(imported => {
    if (imported.module.startsWith('.')) return escapeProblems(file, from, imported)
    if (imported.module.startsWith('node:')) return []
    const name = packageName(imported.module)
    const to = monorepo.workspaces.find(workspace => workspace.name === name)
    return [
      ...(to === undefined ? [] : crossingProblems(from, to, imported)),
      ...declarationProblems(file, from, name, imported, monorepo),
    ]
  })
}

const escapeProblems = (
  file: SourceFile,
  from: Workspace | undefined,
  { module, line }: ModuleImport,
): Problem[] => {
  const target = posix.join(posix.dirname(file.path), module)
  if (target.startsWith(`${from?.folder ?? 'tools'}/`)) return []
  return [
    {
      line,
      got: `a path into another workspace: ${module}`,
      rule: 'workspaces meet at their entry points only',
      instead:
        'import the workspace by its name, and export what you need from its index.ts if it is its to give',
    },
  ]
}

const crossingProblems = (
  from: Workspace | undefined,
  to: Workspace,
  { module, line }: ModuleImport,
): Problem[] => {
  const problems: Problem[] = []
  const allowed = from === undefined ? [] : layerImports[from.layer]
  if (to !== from && !allowed.includes(to.layer))
    problems.push({
      line,
      got: `${module}, of ${to.layer}`,
      rule: `${from?.layer ?? 'tools'} may import ${allowed.length === 0 ? 'no workspace' : allowed.join(', ')}`,
      instead:
        from?.layer === 'services' && to.layer === 'services'
          ? 'let services meet through topics, HTTP, the engine socket or schemas; code that both need is a package'
          : 'move what both need down to the layer that both may import',
    })
  const entry = module === to.name ? '.' : `.${module.slice(to.name.length)}`
  if (!to.exports.has(entry))
    problems.push({
      line,
      got: `${module}, which is no entry point of ${to.name}`,
      rule: 'workspaces meet at their entry points only',
      instead: `export it from ${to.folder}/src/index.ts if it is meant for others`,
    })
  return problems
}

const declarationProblems = (
  file: SourceFile,
  from: Workspace | undefined,
  name: string,
  { module, line }: ModuleImport,
  { developmentTools }: Monorepo,
): Problem[] => {
  if (from?.dependencies.has(name) || from?.name === name) return []
  const isForDevelopment = from === undefined || from.layer === 'bench' || file.path.endsWith('.test.ts')
  if (isForDevelopment && developmentTools.has(name)) return []
  return [
    {
      line,
      got: `${module}, which ${from?.folder ?? 'the root'} does not depend on`,
      rule: 'a workspace declares what it imports; tests may also use the tools of the root',
      instead: `add ${name} to the dependencies of ${from === undefined ? 'the root' : `${from.folder}/package.json`}`,
    },
  ]
}

/** `@scope/name` or `name` of what may be a path into it. */
export const packageName = (module: string): string =>
  module.split('/', module.startsWith('@') ? 2 : 1).join('/')
