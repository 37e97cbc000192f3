/** Clopper and Pearson 1934: the shares under which so many of so many are not surprising, at 95 %. */
export const binomialInterval = (hits: number, of: number): readonly [low: number, high: number] => {
  if (of === 0) return [0, 1]
  const tail = 0.025
  return [
    hits === 0 ? 0 : bisect(share => 1 - upTo(hits - 1, of, share) > tail),
    hits === of ? 1 : bisect(share => upTo(hits, of, share) <= tail),
  ]
}

/** The smallest share for which it holds. */
const bisect = (holds: (share: number) => boolean): number => {
  let low = 0
  let high = 1
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}

/** Probability of at most so many hits. */
const upTo = (hits: number, of: number, share: number): number => {
  if (share <= 0) return 1
  if (share >= 1) return hits >= of ? 1 : 0
  let logarithm = of * Math.log1p(-share)
  let sum = Math.exp(logarithm)
  for (let hit = 1; hit <= hits; hit += 1) {
    logarithm += Math.log((of - hit + 1) / hit) + Math.log(share) - Math.log1p(-share)
    sum += Math.exp(logarithm)
  }
  return Math.min(1, sum)
}
