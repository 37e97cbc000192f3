import type { SeenDecision } from '../stack/decision-watch.ts'

/**
 * The longest time without a decision on each of some partitions, in milliseconds, from a moment on; to the end of the
 * watch where none came any more.
 */
export const longestGaps = (
  seen: readonly SeenDecision[],
  partitions: Iterable<number>,
  { from, until }: { readonly from: number; readonly until: number },
): readonly number[] =>
  [...partitions].map(partition => {
    const times = seen.filter(decision => decision.partition === partition).map(({ at }) => at)
    // What was decided last before it counts as well: the gap that a crash opens begins there.
    const before = times.findLast(at => at < from) ?? from
    const within = times.filter(at => at >= from && at <= until)
    const bounds = [before, ...within, until]
    return Math.max(...bounds.slice(1).map((at, index) => at - bounds[index]!))
  })
