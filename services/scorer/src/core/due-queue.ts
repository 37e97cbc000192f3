import TinyQueue from 'tinyqueue'

export interface DueItem {
  readonly key: string
  readonly dueAt: number
}

/** Earlier ones first, of equal ones by their key. */
export const isBefore = (a: DueItem, b: DueItem): boolean =>
  a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.key < b.key)

/**
 * Keys by the times at which they are due. The order follows from what it holds, not from how it came to hold it. To see what
 * is due costs what is due, however many are waiting.
 */
export class DueQueue {
  readonly #dueAt = new Map<string, number>()
  /** A key that was noted again, or is gone, is also here with the times that no longer hold, until they are reached. */
  readonly #queue = new TinyQueue<DueItem>([], (a, b) => (isBefore(a, b) ? -1 : 1))

  set(key: string, dueAt: number): void {
    if (this.#dueAt.get(key) === dueAt) return
    this.#dueAt.set(key, dueAt)
    this.#queue.push({ key, dueAt })
  }

  delete(key: string): void {
    this.#dueAt.delete(key)
  }

  first(): DueItem | undefined {
    for (;;) {
      const first = this.#queue.peek()
      if (first === undefined || this.#dueAt.get(first.key) === first.dueAt) return first
      this.#queue.pop()
    }
  }

  /** The keys that are due before the time stay in the queue. @param most so many of them */
  dueBefore(time: number, most: number): readonly string[] {
    const due: DueItem[] = []
    for (let next = this.first(); next !== undefined && next.dueAt < time; next = this.first()) {
      if (due.length === most) break
      this.#queue.pop()
      // It was gone for a while, and is here twice.
      if (due.at(-1)?.key !== next.key) due.push(next)
    }
    for (const item of due) this.#queue.push(item)
    return due.map(({ key }) => key)
  }
}
