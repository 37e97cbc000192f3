export interface ArgumentBounds {
  /** Of objects and lists within each other. */
  readonly levels: number
  /** Members of objects and items of lists, all together. */
  readonly items: number
  /** Characters of names and texts, all together: no JSON of them is shorter. */
  readonly characters: number
}

/**
 * Which bound arguments go beyond, found before anything reads all of them; never deeper on the stack than `levels`, and
 * never more than `items` values looked at.
 */
export const argumentsExcess = (value: unknown, bounds: ArgumentBounds): keyof ArgumentBounds | undefined => {
  let itemsLeft = bounds.items
  let charactersLeft = bounds.characters

  const read = (node: unknown, levelsLeft: number): keyof ArgumentBounds | undefined => {
    if (typeof node === 'string') charactersLeft -= node.length
    else if (typeof node === 'object' && node !== null) return readMembers(node, levelsLeft - 1)
    return charactersLeft < 0 ? 'characters' : undefined
  }

  const readMembers = (node: object, levelsLeft: number): keyof ArgumentBounds | undefined => {
    if (levelsLeft < 0) return 'levels'
    const names = Array.isArray(node) ? undefined : Object.keys(node)
    const members: readonly unknown[] = Array.isArray(node) ? node : Object.values(node)
    itemsLeft -= members.length
    if (itemsLeft < 0) return 'items'
    for (const [index, member] of members.entries()) {
      charactersLeft -= names?.[index]?.length ?? 0
      const excess = read(member, levelsLeft)
      if (excess !== undefined) return excess
    }
    return charactersLeft < 0 ? 'characters' : undefined
  }

  return read(value, bounds.levels)
}
