/** The name that was probably meant, or nothing where none is near. */
export const closestName = (typed: string, names: readonly string[]): string | undefined => {
  // A third of the name wrong is another name rather than a slip.
  let limit = Math.floor(typed.length / 3)
  let closest: string | undefined
  for (const name of names) {
    const distance = editDistance(typed, name)
    if (distance > limit) continue
    limit = distance - 1
    closest = name
  }
  return closest
}

/** Levenshtein distance, one row at a time. */
const editDistance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1]
    for (let column = 0; column < to.length; column += 1) {
      const replaced = row[column]! + (letter === to[column] ? 0 : 1)
      next.push(Math.min(replaced, row[column + 1]! + 1, next[column]! + 1))
    }
    row = next
  }
  return row[to.length]!
}
