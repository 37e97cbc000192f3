/** One count of a tool's sensitive calls. */
export interface OriginRow {
  /** Key of the tool. */
  readonly tool: number
  /** `sinkKey` or `routeKey`. */
  readonly key: number
  readonly count: number
}

/** Sensitive calls of a tool over which shares are taken. */
const maxCalls = 64

/**
 * Counts of sensitive calls by tool, for so many rows. A tool's counts are halved as they grow: in an agent's first sessions
 * everything is foreign, and what it does now counts. When it is full the tool that was used least recently gives way.
 */
export class OriginCounts {
  readonly #capacity: number
  readonly #tools = new Map<number, Map<number, number>>()
  #rows = 0

  /** @param held least recently used tool first */
  constructor(capacity: number, held: readonly OriginRow[] = []) {
    this.#capacity = capacity
    for (const row of held) this.#count(row)
    this.#fit()
  }

  /** @param isTotal tells the key that counts all calls of the tool from the others */
  add(rows: readonly OriginRow[], isTotal: (row: OriginRow) => boolean): void {
    for (const row of rows) this.#touch(row.tool)
    for (const row of rows) if (this.#count(row) > maxCalls && isTotal(row)) this.#halve(row.tool)
    this.#fit()
  }

  remove(rows: readonly OriginRow[]): void {
    for (const { tool, key, count } of rows) {
      const left = (this.#tools.get(tool)?.get(key) ?? 0) - count
      if (left > 0) this.#tools.get(tool)?.set(key, left)
      else this.#drop(tool, key)
    }
  }

  /** Least recently used tool first. */
  rows(): readonly OriginRow[] {
    return [...this.#tools].flatMap(([tool, counts]) =>
      Array.from(counts, ([key, count]) => ({ tool, key, count })),
    )
  }

  #count({ tool, key, count }: OriginRow): number {
    const counts = this.#tools.get(tool) ?? new Map<number, number>()
    this.#tools.set(tool, counts)
    const held = counts.get(key)
    if (held === undefined) this.#rows += 1
    counts.set(key, (held ?? 0) + count)
    return (held ?? 0) + count
  }

  #touch(tool: number): void {
    const counts = this.#tools.get(tool)
    if (counts === undefined) return
    this.#tools.delete(tool)
    this.#tools.set(tool, counts)
  }

  #halve(tool: number): void {
    for (const [key, count] of this.#tools.get(tool) ?? []) {
      if (count > 1) this.#tools.get(tool)?.set(key, Math.floor(count / 2))
      else this.#drop(tool, key)
    }
  }

  #drop(tool: number, key: number): void {
    const counts = this.#tools.get(tool)
    if (counts?.delete(key) !== true) return
    this.#rows -= 1
    if (counts.size === 0) this.#tools.delete(tool)
  }

  #fit(): void {
    for (const [tool, counts] of this.#tools) {
      if (this.#rows <= this.#capacity) return
      this.#rows -= counts.size
      this.#tools.delete(tool)
    }
  }
}
