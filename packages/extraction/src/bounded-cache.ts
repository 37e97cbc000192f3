/** A map of at most `capacity` entries; the least recently used goes first. */
export interface BoundedCache<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
}

export const createBoundedCache = <Value extends object>(capacity: number): BoundedCache<Value> => {
  // A Map iterates in the order of insertion, so putting an entry back makes it the youngest.
  const entries = new Map<string, Value>()
  return {
    get: key => {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set: (key, value) => {
      const oldest = entries.size >= capacity ? entries.keys().next() : undefined
      if (oldest?.done === false) entries.delete(oldest.value)
      entries.set(key, value)
    },
  }
}
