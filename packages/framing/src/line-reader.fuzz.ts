import { createLineReader } from './line-reader.ts'

export const seeds: readonly Buffer[] = [
  Buffer.from('{"a":1}\n\r\nb\r\n'),
  Buffer.from('\xff\r\r\n\n', 'latin1'),
]

/** The lines are the same wherever the bytes are cut. */
export const run = (bytes: Buffer): void => {
  const each = Array.from(bytes, byte => Buffer.from([byte]))
  if (linesOf([bytes]) !== linesOf(each)) throw new Error('a cut changes the lines')
}

const linesOf = (chunks: readonly Buffer[]): string => {
  const lines: string[] = []
  const reader = createLineReader(64, ({ text, isExact }) => lines.push(`${text} ${isExact}`))
  try {
    for (const chunk of chunks) reader.push(chunk)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    lines.push('too long')
  }
  return JSON.stringify(lines)
}
