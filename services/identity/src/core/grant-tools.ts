import { type Bundle, findCatalogueEntry, hasServer } from '@cordon/policy'

import { type Answer, granted, refused } from './refusal.ts'

/** Server → its granted tools. */
export type Grants = ReadonlyMap<string, ReadonlySet<string>>

/** Grants what was asked for, tool by tool, if the catalogue knows all of it; asking for more is never silently narrowed. */
export const grantTools = (requested: readonly string[], catalogue: Bundle['catalogue']): Answer<Grants> => {
  const tooMuch = requested.filter(tool => !isInCatalogue(tool, catalogue))
  if (tooMuch.length > 0)
    return refused(
      'TOOLS_REFUSED',
      `tools: expected tools of the bundle's catalogue, got ${tooMuch.join(', ')}`,
    )
  return granted(
    new Map(
      [...Map.groupBy(requested, serverOf)].map(([server, tools]) => [server, new Set(tools)] as const),
    ),
  )
}

const isInCatalogue = (requested: string, catalogue: Bundle['catalogue']): boolean => {
  const server = serverOf(requested)
  const tool = requested.slice(server.length + 1)
  return tool === '*'
    ? hasServer(catalogue, server)
    : findCatalogueEntry(catalogue, server, tool) !== undefined
}

const serverOf = (tool: string): string => tool.slice(0, tool.indexOf('/'))
