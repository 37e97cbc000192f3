import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

// A broker's rebalance may wait for a member's session time-out.
const limitMs = 20_000

/** Waits until a condition holds. @param what for the failure's message */
export const eventually = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> => {
  const startedAt = performance.now()
  while (!(await condition())) {
    if (performance.now() - startedAt > limitMs) assert.fail(`expected within ${limitMs} ms: ${what}`)
    await sleep(10)
  }
}
