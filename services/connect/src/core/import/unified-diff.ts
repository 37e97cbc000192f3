interface Change {
  readonly kind: ' ' | '-' | '+'
  readonly text: string
  /** Lines of either side before this one. */
  readonly before: number
  readonly after: number
}

const context = 3

/** The lines of a unified diff, without its head; none where the texts are the same. */
export const unifiedDiff = (before: string, after: string): readonly string[] => {
  const changes = compare(lines(before), lines(after))
  const near = changes.map((_change, index) =>
    changes.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== ' '),
  )
  const hunks: Change[][] = []
  changes.forEach((change, index) => {
    if (!near[index]) return
    if (index === 0 || !near[index - 1]) hunks.push([])
    hunks.at(-1)?.push(change)
  })
  return hunks.flatMap(hunk => {
    const count = (other: Change['kind']): number => hunk.filter(({ kind }) => kind !== other).length
    const [first] = hunk
    if (first === undefined) return []
    const from = `${first.before + 1},${count('+')}`
    const to = `${first.after + 1},${count('-')}`
    return [`@@ -${from} +${to} @@`, ...hunk.map(({ kind, text }) => kind + text)]
  })
}

const lines = (text: string): readonly string[] => text.split(/\r\n|\n|\r/)

/** By the longest common subsequence of what is between the common ends. */
const compare = (old: readonly string[], fresh: readonly string[]): readonly Change[] => {
  let head = 0
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1
  let tail = 0
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail))
    tail += 1
  const [oldEnd, freshEnd] = [old.length - tail, fresh.length - tail]

  const width = freshEnd - head + 1
  const longest = new Uint32Array((oldEnd - head + 1) * width)
  const at = (i: number, j: number): number => longest[(i - head) * width + (j - head)] ?? 0
  for (let i = oldEnd - 1; i >= head; i -= 1)
    for (let j = freshEnd - 1; j >= head; j -= 1)
      longest[(i - head) * width + (j - head)] =
        old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))

  const changes: Change[] = []
  let [i, j] = [0, 0]
  const push = (kind: Change['kind'], text: string | undefined): void => {
    changes.push({ kind, text: text ?? '', before: i, after: j })
    if (kind !== '+') i += 1
    if (kind !== '-') j += 1
  }
  while (i < old.length || j < fresh.length) {
    const isBetween = i >= head && j >= head && (i < oldEnd || j < freshEnd)
    if (!isBetween || (i < oldEnd && j < freshEnd && old[i] === fresh[j])) push(' ', old[i])
    else if (i < oldEnd && (j >= freshEnd || at(i + 1, j) >= at(i, j + 1))) push('-', old[i])
    else push('+', fresh[j])
  }
  return changes
}
