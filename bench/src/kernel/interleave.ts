/** An item and the log that it is of. */
export interface Interleaved<Item> {
  readonly log: number
  readonly item: Item
}

/**
 * The logs' items in one order: so many logs at a time take turns, and where one ends the next begins, as sessions of a
 * partition do.
 */
export const interleave = <Item>(
  logs: readonly (readonly Item[])[],
  atATime: number,
): Interleaved<Item>[] => {
  const order: Interleaved<Item>[] = []
  const running = Array.from({ length: Math.min(atATime, logs.length) }, (_, log) => ({ log, next: 0 }))
  let waiting = running.length
  while (running.length > 0) {
    for (let turn = running.length - 1; turn >= 0; turn -= 1) {
      const position = running[turn]!
      order.push({ log: position.log, item: logs[position.log]![position.next]! })
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
  return order
}
