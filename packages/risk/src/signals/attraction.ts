/**
 * How much a tool draws misuse: a session under another's control reaches for what does harm. Grows with the square of the
 * sensitivity, so that a critical tool outweighs a harmless one.
 * @param sensitivity 0 harmless, 1 low, 2 high, 3 critical
 */
export const attractionOf = (sensitivity: number): number => {
  const level = Math.min(3, Math.max(0, Math.trunc(sensitivity)))
  return (level + 0.5) * (level + 0.5)
}
