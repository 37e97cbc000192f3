/** Numbers the requests of a session: 0, 1, 2 … */
export interface CallSequence {
  next(): number
  /** A number whose request never counted goes to the next request: a missing one would look like a call that was hidden. */
  giveBack(number: number): void
}

export const createCallSequence = (): CallSequence => {
  let upcoming = 0
  const unused: number[] = []
  return {
    next: () => {
      const before = unused.shift()
      if (before !== undefined) return before
      upcoming += 1
      return upcoming - 1
    },
    giveBack: number => {
      unused.push(number)
      unused.sort((a, b) => a - b)
    },
  }
}
