/** As many as one statement takes without holding others up. */
const maxGroup = 64

/**
 * Does together what is asked while the last group is under way: one transaction, and one wait for the disk, for all.
 * @param run gets at least one item; its results stand in the same order. Where it rejects, all of the group reject.
 */
export const createGroupCommit = <Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
): ((item: Item) => Promise<Result>) => {
  const waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = []
  let isRunning = false

  const drain = async (): Promise<void> => {
    isRunning = true
    while (waiting.length > 0) {
      const group = waiting.splice(0, maxGroup)
      try {
        const results = await run(group.map(({ item }) => item))
        for (const [index, { resolve }] of group.entries()) resolve(results[index]!)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    isRunning = false
  }

  return async item =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      // In the next turn, so that what comes in this one goes along.
      if (!isRunning) {
        isRunning = true
        setImmediate(() => void drain())
      }
    })
}
