import type { TraceProblem } from '@cordon/traces'

/** More would say nothing new, and a file may be all odd. */
const named = 10

/** Lines of recordings that are no session: all of them counted, the first of them named. */
export class LeftOut {
  #lines = 0
  readonly #first: TraceProblem[] = []

  get lines(): number {
    return this.#lines
  }

  get first(): readonly TraceProblem[] {
    return this.#first
  }

  add(problem: TraceProblem): void {
    this.#lines += 1
    if (this.#first.length < named) this.#first.push(problem)
  }
}

/** For people. @param problems the first of them */
export const leftOutLines = (lines: number, problems: readonly TraceProblem[]): string[] =>
  namedLines('lines left out', lines, problems)

/** For people, a count and the first of what is counted. */
export const namedLines = (title: string, lines: number, problems: readonly TraceProblem[]): string[] => {
  if (lines === 0) return []
  const first = problems.slice(0, named)
  const more = lines - first.length
  return [
    `${title.padEnd(18)} ${lines}`,
    ...first.map(({ file, line, reason }) => `  ${file}:${line}: ${reason}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}
