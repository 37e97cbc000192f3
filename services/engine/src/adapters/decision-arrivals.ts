import type { SessionId } from '@cordon/foundation'

import type { HeldDecision } from '../ports.ts'

/** Calls of sessions whose first decision is on its way. Bounded: whoever comes when it is full is not kept waiting. */
export interface DecisionArrivals {
  /** `undefined` where the limit passes first. */
  wait(sessionId: SessionId, limitMs: number): Promise<HeldDecision | undefined>
  arrived(sessionId: string, held: HeldDecision): void
}

/** A thousand calls within one second of waiting: far more sessions than one engine sees open in it. */
const maxWaiting = 1000

export const createDecisionArrivals = (): DecisionArrivals => {
  const waiting = new Map<string, Set<(held: HeldDecision | undefined) => void>>()
  let count = 0

  const stopWaiting = (sessionId: string, resolve: (held: HeldDecision | undefined) => void): void => {
    const waiters = waiting.get(sessionId)
    if (waiters?.delete(resolve) !== true) return
    count -= 1
    if (waiters.size === 0) waiting.delete(sessionId)
  }

  return {
    wait: async (sessionId, limitMs) => {
      if (count >= maxWaiting) return undefined
      count += 1
      const { promise, resolve } = Promise.withResolvers<HeldDecision | undefined>()
      const waiters = waiting.get(sessionId) ?? new Set()
      waiting.set(sessionId, waiters.add(resolve))
      const timer = setTimeout(() => resolve(undefined), limitMs)
      try {
        return await promise
      } finally {
        clearTimeout(timer)
        stopWaiting(sessionId, resolve)
      }
    },
    arrived: (sessionId, held) => {
      for (const resolve of waiting.get(sessionId) ?? []) resolve(held)
    },
  }
}
