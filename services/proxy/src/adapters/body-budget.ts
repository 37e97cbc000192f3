export interface BodyBudgetOptions {
  /** Of all bodies together. */
  readonly maxBytes: number
  /** While more than half of them are taken: how long a body may take in all, and how long it may stand still. */
  readonly shortPatienceMs: number
  readonly shortIdleMs: number
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/** The bytes of requests that are held until they are answered or forwarded; whoever sends slowly must not take them all. */
export interface BodyBudget {
  /** @param cut the body is given up, for those that come whole */
  open(cut: () => void): BodyShare
}

/** What one body takes. */
export interface BodyShare {
  /** @returns false where there is no room, although those were cut that stand still */
  take(bytes: number): boolean
  /** It is whole: nobody has to wait for it. */
  complete(): void
  readonly free: () => void
}

interface OpenBody {
  readonly cut: () => void
  readonly since: number
  lastAt: number
  bytes: number
}

export const createBodyBudget = (options: BodyBudgetOptions): BodyBudget => {
  const { maxBytes, shortPatienceMs, shortIdleMs, now } = options
  const open = new Set<OpenBody>()
  let used = 0

  const cutSlow = (but: OpenBody): void => {
    const at = now()
    for (const body of open) {
      const isSlow = at - body.since >= shortPatienceMs || at - body.lastAt >= shortIdleMs
      if (body !== but && isSlow) body.cut()
    }
  }

  return {
    open(cut) {
      const since = now()
      const body: OpenBody = { cut, since, lastAt: since, bytes: 0 }
      open.add(body)
      return {
        take(bytes) {
          body.lastAt = now()
          if (used + bytes > maxBytes / 2) cutSlow(body)
          if (used + bytes > maxBytes) return false
          used += bytes
          body.bytes += bytes
          return true
        },
        complete: () => void open.delete(body),
        free() {
          open.delete(body)
          used -= body.bytes
          body.bytes = 0
        },
      }
    },
  }
}
