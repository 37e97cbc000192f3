/** Whether objects and lists stand more than `limit` levels deep. Never deeper on the stack than that itself. */
export const isDeeperThan = (value: unknown, limit: number): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (limit === 0) return true
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  return members.some(member => isDeeperThan(member, limit - 1))
}
