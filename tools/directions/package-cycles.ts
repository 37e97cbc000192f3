import type { Workspace } from './workspace.ts'

/** Workspaces that depend on themselves by way of others, each cycle once: `['@cordon/a', '@cordon/b', '@cordon/a']`. */
export const packageCycles = (workspaces: readonly Workspace[]): string[][] => {
  const byName = new Map(workspaces.map(workspace => [workspace.name, workspace]))
  const done = new Set<string>()
  const cycles: string[][] = []

  const visit = (name: string, path: readonly string[]): void => {
    const start = path.indexOf(name)
    if (start !== -1) return void cycles.push([...path.slice(start), name])
    if (done.has(name)) return
    for (const dependency of byName.get(name)?.dependencies ?? []) {
      if (byName.has(dependency)) visit(dependency, [...path, name])
    }
    done.add(name)
  }

  for (const { name } of workspaces) visit(name, [])
  return cycles
}
