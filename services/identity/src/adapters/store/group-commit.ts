import { IdentityError } from '../../identity-error.ts'

/** As many as one statement takes without holding others up. */
const maxGroup = 64

interface Waiting<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Does together what is asked while the last group is under way: one transaction, and one wait for the disk, for all.
 * @param run gets at least one item; its results stand in the same order. Where it rejects, it has done nothing, and the halves of the
 * group are tried again, so that an item that cannot be done takes nobody with it. A fault that is no item's rejects all: halves would only
 * ask a database that is in trouble as often as there are items.
 */
export const createGroupCommit = <Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
): ((item: Item) => Promise<Result>) => {
  const waiting: Waiting<Item, Result>[] = []
  let isRunning = false

  const settle = async (group: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await run(group.map(({ item }) => item))
      for (const [index, { resolve }] of group.entries()) resolve(results[index]!)
    } catch (error) {
      const isNobodys = error instanceof IdentityError && error.code !== 'DATABASE_REFUSED'
      if (group.length === 1 || isNobodys) for (const { reject } of group) reject(error)
      else {
        const half = Math.ceil(group.length / 2)
        await settle(group.slice(0, half))
        await settle(group.slice(half))
      }
    }
  }

  const drain = async (): Promise<void> => {
    isRunning = true
    while (waiting.length > 0) await settle(waiting.splice(0, maxGroup))
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
