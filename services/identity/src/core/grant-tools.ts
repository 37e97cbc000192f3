import { type Bundle, type Clearance, findCatalogueEntry, hasServer } from '@cordon/policy'

import { type Answer, granted, refused } from './refusal.ts'
import type { Bound } from './subject.ts'

/** Who bounds what is granted. */
export interface GrantBounds {
  readonly catalogue: Bundle['catalogue']
  readonly clearance: Clearance
  readonly bounds: readonly Bound[]
  /** Tools that the kill switch took away: `server/tool` or `server/*`. */
  readonly revoked: (tool: string) => boolean
}

/**
 * Grants all that was asked for, or says of each tool that was too much who does not allow it; never silently less.
 * @param askedBy what asked for them, for people
 */
export const grantTools = (
  requested: readonly string[],
  askedBy: string,
  bounds: GrantBounds,
): Answer<readonly string[]> => {
  const tools = [...new Set(requested)]
  const tooMuch = tools.flatMap(tool => {
    const by = refusersOf(tool, bounds)
    return by.length === 0 ? [] : [`${tool} (${by.join(', ')})`]
  })
  if (tooMuch.length === 0) return granted(tools)
  return refused(
    'TOOLS_REFUSED',
    `${askedBy}: expected tools that all sides allow, got ${tooMuch.join('; ')}`,
  )
}

const refusersOf = (
  tool: string,
  { catalogue, clearance, bounds, revoked }: GrantBounds,
): readonly string[] => {
  const sensitivity = sensitivityOf(tool, catalogue)
  if (sensitivity === undefined) return ['not in the catalogue']
  return [
    ...(sensitivity > clearance ? [`sensitivity ${sensitivity} is above clearance ${clearance}`] : []),
    ...bounds.filter(({ tools }) => !covers(tools, tool)).map(({ by }) => `not allowed by ${by}`),
    ...(revoked(tool) ? ['revoked'] : []),
  ]
}

/** Whether a list of tools holds a tool; only `server/*` holds `server/*`. */
export const covers = (tools: readonly string[], tool: string): boolean =>
  tools.includes(tool) || tools.includes(`${serverOf(tool)}/*`)

export const serverOf = (tool: string): string => tool.slice(0, tool.indexOf('/'))

/** Of all of a server: its most sensitive tool counts. @returns `undefined` where the catalogue does not know it */
const sensitivityOf = (tool: string, catalogue: Bundle['catalogue']): number | undefined => {
  const server = serverOf(tool)
  const name = tool.slice(server.length + 1)
  if (name !== '*') return findCatalogueEntry(catalogue, server, name)?.sensitivity
  if (!hasServer(catalogue, server)) return undefined
  return Math.max(
    ...Object.entries(catalogue)
      .filter(([key]) => serverOf(key) === server)
      .map(([, { sensitivity }]) => sensitivity),
  )
}
