import { setTimeout as pause } from 'node:timers/promises'

import { monotonicMs } from './monotonic-time.ts'

/**
 * Hands over items at the times they are due, whether or not earlier ones have been dealt with: a slow system meets the
 * same load as a fast one, and its delay shows in full.
 * @param items ordered by `dueMs`, milliseconds after the start
 * @param send gets all items that are due, and the time at which the loop started
 */
export const openLoop = async <Item extends { readonly dueMs: number }>(
  items: readonly Item[],
  send: (due: readonly Item[], startedAt: number) => void,
): Promise<void> => {
  const startedAt = monotonicMs()
  let next = 0
  while (next < items.length) {
    const elapsed = monotonicMs() - startedAt
    const from = next
    while (next < items.length && (items[next]?.dueMs ?? 0) <= elapsed) next += 1
    if (next > from) send(items.slice(from, next), startedAt)
    await pause(1)
  }
}
