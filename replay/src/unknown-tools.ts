import { findCatalogueEntry, type Bundle } from '@cordon/policy'
import { qualifiedTool, type TraceSession } from '@cordon/traces'

/** More would say nothing new. */
const named = 5

/** Recorded calls of tools that a catalogue does not have, by the name that it would have to have. */
export const toolsUnknownTo = (
  catalogue: Bundle['catalogue'],
  sessions: readonly TraceSession[],
): ReadonlyMap<string, number> => {
  const unknown = new Map<string, number>()
  for (const { calls } of sessions)
    for (const call of calls) {
      const name = qualifiedTool(call.tool)
      const slash = name.indexOf('/')
      const entry = findCatalogueEntry(catalogue, name.slice(0, slash), name.slice(slash + 1))
      if (entry === undefined) unknown.set(name, (unknown.get(name) ?? 0) + 1)
    }
  return unknown
}

/** For people: the first of them. */
export const unknownToolNames = (unknown: ReadonlyMap<string, number>): string => {
  const first = [...unknown.keys()].slice(0, named)
  const more = unknown.size - first.length
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** For people: what does not count. */
export const unknownToolLines = (unknown: ReadonlyMap<string, number>): readonly string[] => {
  if (unknown.size === 0) return []
  const calls = [...unknown.values()].reduce((sum, each) => sum + each, 0)
  return [
    `calls left out     ${calls}, of tools that the catalogue does not have: ${unknownToolNames(unknown)}`,
  ]
}
