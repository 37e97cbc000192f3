import { setTimeout as pause } from 'node:timers/promises'

import { monotonicMs } from './monotonic-time.ts'

/**
 * Hands over items at the times they are due, whether or not earlier ones have been dealt with: a slow system meets the
 * same load as a fast one, and its delay shows in full.
 * @param items ordered by `dueMs`, milliseconds after the start; drawn as they come up
 * @param send gets all items that are due
 * @param startAt on the monotonic clock, so that several processes can share it
 */
export const openLoop = async <Item extends { readonly dueMs: number }>(
  items: Iterable<Item>,
  send: (due: readonly Item[]) => void,
  startAt: number,
): Promise<void> => {
  const source = items[Symbol.iterator]()
  let next = source.next()
  while (next.done !== true) {
    const elapsed = monotonicMs() - startAt
    const due: Item[] = []
    for (; next.done !== true && next.value.dueMs <= elapsed; next = source.next()) due.push(next.value)
    if (due.length > 0) send(due)
    // Timers count whole milliseconds and fire late: the wait is cut short rather than long.
    else if (next.done !== true) await pause(Math.max(1, Math.floor(next.value.dueMs - elapsed)))
    if (due.length > 0) await pause(1)
  }
}
