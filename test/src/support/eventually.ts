import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

const intervalMs = 10

/** Waits until a condition holds. @param what for the failure's message */
export const eventually = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> => {
  const startedAt = performance.now()
  while (!(await condition())) {
    if (performance.now() - startedAt > limitMs) assert.fail(`expected within ${limitMs} ms: ${what}`)
    await sleep(intervalMs)
  }
}
