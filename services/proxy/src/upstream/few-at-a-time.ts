/** Runs what it is given in its order, never more than some of it at once. */
export const fewAtATime = (most: number): ((run: () => Promise<unknown>) => void) => {
  const waiting: (() => Promise<unknown>)[] = []
  let running = 0

  const next = (): void => {
    if (running >= most) return
    const run = waiting.shift()
    if (run === undefined) return
    running += 1
    void run().finally(() => {
      running -= 1
      next()
    })
  }

  return run => {
    waiting.push(run)
    next()
  }
}
