import { mixHashes } from '../hash.ts'
import { model } from '../signals/model.ts'
import type { Tally } from './profile-view.ts'

/** Key of the context "after this tool". */
export const contextOfOne = (previous: number): number => mixHashes(previous, 2)

/** Key of the context "after these two tools". */
export const contextOfTwo = (beforeThat: number, previous: number): number =>
  mixHashes(mixHashes(beforeThat, previous), 3)

/** What each context of a profile counts. */
export interface BackOffCounts {
  readonly tools: Tally
  /** By tool. */
  readonly toolCounts: ReadonlyMap<number, number>
  /** By context. */
  readonly tallies: ReadonlyMap<number, Tally>
  /** By context and tool. */
  readonly contextCounts: ReadonlyMap<number, number>
}

/**
 * Counts of the contexts after two tools, after one, and of the tools. What a context has seen c times counts c^d times
 * in the one that it backs off to, the expected number of tables of a Pitman-Yor process: were all c passed on, whatever is
 * new to an agent would be new at every level and be punished three times. No tool gets a larger share by that than its calls
 * have: otherwise one session that calls it after everything would teach more than the three calls that it may.
 * @param tools key, count
 * @param after key of the previous tool, key, count
 * @param afterTwo keys of the two tools before, key, count
 */
export const backOffCounts = (
  tools: readonly (readonly [number, number])[],
  after: readonly (readonly [number, number, number])[],
  afterTwo: readonly (readonly [number, number, number, number])[],
): BackOffCounts => {
  const tallies = new Map<number, Tally>()
  const contextCounts = new Map<number, number>()
  const toPairs = new Map<number, number>()
  const toTools = new Map<number, number>()
  const count = (context: number, tool: number, times: number): void => {
    const tally = tallies.get(context) ?? { total: 0, types: 0 }
    tallies.set(context, { total: tally.total + times, types: tally.types + 1 })
    contextCounts.set(mixHashes(context, tool), times)
  }
  for (const [beforeThat, previous, tool, times] of afterTwo) {
    count(contextOfTwo(beforeThat, previous), tool, times)
    passOn(toPairs, mixHashes(contextOfOne(previous), tool), times)
  }
  for (const [previous, tool, plain] of after) {
    const context = contextOfOne(previous)
    const times = toPairs.get(mixHashes(context, tool)) ?? plain
    count(context, tool, times)
    passOn(toTools, tool, times)
  }
  const passed = tools.map(([tool, plain]) => toTools.get(tool) ?? plain ** model.tool.discount)
  const total = passed.reduce((sum, times) => sum + times, 0)
  const calls = tools.reduce((sum, [, plain]) => sum + plain, 0)
  const toolCounts = new Map(
    tools.map(([tool, plain], position) => [tool, Math.min(passed[position]!, (plain * total) / calls)]),
  )
  return { tools: { total, types: toolCounts.size }, toolCounts, tallies, contextCounts }
}

const passOn = (counts: Map<number, number>, key: number, times: number): void => {
  counts.set(key, (counts.get(key) ?? 0) + times ** model.tool.discount)
}
