/** A line of a tool server's standard error, or how many were left out. */
export interface StderrLog {
  line(text: string): void
  suppressed(lines: number): void
}

/** What a person can still read; a server in a loop must not fill the disk. */
const maxLinesPerWindow = 50
const windowMs = 10_000
const maxCharacters = 1_000

/** Takes chunks of standard error apart into lines, and lets only so many of them through. */
export const createStderrReader = (log: StderrLog, now: () => number): ((chunk: string) => void) => {
  let rest = ''
  let windowEnd = 0
  let lines = 0

  const openWindow = (): void => {
    if (lines > maxLinesPerWindow) log.suppressed(lines - maxLinesPerWindow)
    lines = 0
    windowEnd = now() + windowMs
  }

  return chunk => {
    const texts = (rest + chunk).split('\n')
    rest = texts.pop()!.slice(0, maxCharacters)
    for (const text of texts) {
      if (text.trim() === '') continue
      if (now() >= windowEnd) openWindow()
      lines += 1
      if (lines <= maxLinesPerWindow) log.line(text.slice(0, maxCharacters).trimEnd())
    }
  }
}
