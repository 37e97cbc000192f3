/** Says what is wanted of one thing from now on; nothing where it is wanted no more. */
export type Wish<Details> = (key: string, details?: Details) => void

/**
 * Tells a server what is wanted, one thing after the other in the order in which it came to be so, and never more than some at once.
 * What is taken back before it was told is never told: however often a wish changes while the server is slow, there waits what
 * is wanted now, and what was told and has to be taken back.
 */
export const toldWishes = <Details>(
  most: number,
  tell: (key: string, details: Details | undefined) => Promise<unknown>,
): Wish<Details> => {
  const waiting = new Map<string, Details | undefined>()
  /** As wanted. */
  const told = new Set<string>()
  /** One thing after the other also where the wish changes meanwhile: on the way to a server they might change places. */
  const running = new Set<string>()

  const next = (): void => {
    for (const [key, details] of waiting) {
      if (running.size >= most) return
      if (running.has(key)) continue
      waiting.delete(key)
      if (details === undefined) told.delete(key)
      else told.add(key)
      running.add(key)
      void tell(key, details).finally(() => {
        running.delete(key)
        next()
      })
    }
  }

  return (key, details) => {
    waiting.delete(key)
    if (told.has(key) !== (details !== undefined)) waiting.set(key, details)
    next()
  }
}
