import type { EntityKind } from '@cordon/schemas'

import { mixHashes, nameKey } from '../hash.ts'
import { factKinds } from '../session/fact-kinds.ts'

/** What is counted of each tool's sensitive calls: all, and those of each sort of taint. See `Taint`. */
export const sinkCounts = ['calls', 'foreign', 'targets', 'others'] as const
export type SinkCount = (typeof sinkCounts)[number]

/** Stands for the tool that a foreign target came from where that is not known. */
export const unclearTool: number = nameKey('\0unclear')

/** Stands for it where a target came with the request. */
export const requestTool: number = nameKey('\0request')

const tallySeed = 5
const routeSeed = 6

/** Key of one of these counts. @param tool its key */
export const sinkKey = (tool: number, count: SinkCount): number =>
  mixHashes(mixHashes(tool, sinkCounts.indexOf(count)), tallySeed)

/**
 * Key of the way that a foreign target took: an entity of that kind, from the result of one tool to another one. An agent
 * that opens what its search found takes the same way every day; what a page tells it to open takes another.
 * @param tool key of the one that acts on it
 * @param source key of the one whose result it was in, or `unclearTool`, or `requestTool`
 */
export const routeKey = (tool: number, kind: EntityKind, source: number): number =>
  mixHashes(mixHashes(mixHashes(tool, factKinds.indexOf(kind)), source), routeSeed)
