/** Items of many logs in one order. Two columns, because an object for each would cost the bench part of what it measures. */
export interface Interleaved<Item> {
  /** The log that each item is of. */
  readonly logs: Uint32Array
  readonly items: readonly Item[]
}

/**
 * The logs' items in one order: so many logs at a time take turns, and where one ends the next begins, as sessions of a
 * partition do.
 */
export const interleave = <Item>(logs: readonly (readonly Item[])[], atATime: number): Interleaved<Item> => {
  const order = new Uint32Array(logs.reduce((sum, { length }) => sum + length, 0))
  const items: Item[] = []
  const running = Array.from({ length: Math.min(atATime, logs.length) }, (_, log) => ({ log, next: 0 }))
  let waiting = running.length
  while (running.length > 0) {
    for (let turn = running.length - 1; turn >= 0; turn -= 1) {
      const position = running[turn]!
      order[items.length] = position.log
      items.push(logs[position.log]![position.next]!)
      position.next += 1
      if (position.next < logs[position.log]!.length) continue
      if (waiting < logs.length) {
        running[turn] = { log: waiting, next: 0 }
        waiting += 1
      } else {
        running[turn] = running.at(-1)!
        running.pop()
      }
    }
  }
  return { logs: order, items }
}
