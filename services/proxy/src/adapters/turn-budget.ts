/** How many events one tool server may have handled in one turn of the event loop, so that calls of others go on. */
export interface TurnBudget {
  /** @returns false where the turn has had enough of it: wait for `onNext` */
  take(): boolean
  onNext(listener: () => void): void
}

/** A few milliseconds of small events. */
const eventsPerTurn = 256

const createTurnBudget = (): TurnBudget => {
  let left = eventsPerTurn
  let isWaiting = false
  let listeners: (() => void)[] = []

  const waitForTurn = (): void => {
    if (isWaiting) return
    isWaiting = true
    setImmediate(() => {
      isWaiting = false
      left = eventsPerTurn
      const waiting = listeners
      listeners = []
      for (const listener of waiting) listener()
    })
  }

  return {
    take() {
      waitForTurn()
      left -= 1
      return left >= 0
    },
    onNext(listener) {
      listeners.push(listener)
      waitForTurn()
    },
  }
}

/** One budget for each server, however many connections or children it has. */
export const createTurnBudgets = (): ((server: object) => TurnBudget) => {
  const budgets = new WeakMap<object, TurnBudget>()
  return server => {
    const known = budgets.get(server) ?? createTurnBudget()
    budgets.set(server, known)
    return known
  }
}
