import { isUtf8 } from 'node:buffer'

/** Cuts bytes into lines of bounded length. */
export interface LineReader {
  /** @throws RangeError where a line is longer than allowed; nothing may be pushed after it */
  push(chunk: Buffer): void
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

export interface Line {
  readonly text: string
  /** Not where the bytes were no UTF-8, and the text is what can be read of them. */
  readonly isExact: boolean
}

/** @param onLine gets each line without its end, empty ones left out */
export const createLineReader = (maxBytes: number, onLine: (line: Line) => void): LineReader => {
  let parts: Buffer[] = []
  let bytes = 0

  const keep = (part: Buffer): void => {
    bytes += part.length
    if (bytes > maxBytes) throw new RangeError(`line: expected at most ${maxBytes} bytes, got more`)
    parts.push(part)
  }

  const emit = (): void => {
    const line = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    parts = []
    bytes = 0
    const length = line.at(-1) === carriageReturn ? line.length - 1 : line.length
    if (length > 0) onLine({ text: line.toString('utf8', 0, length), isExact: isUtf8(line) })
  }

  return {
    push(chunk) {
      let start = 0
      for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
        keep(chunk.subarray(start, end))
        emit()
        start = end + 1
      }
      if (start < chunk.length) keep(chunk.subarray(start))
    },
  }
}
