import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

import { fileFault } from './file-fault.ts'
import { textLines } from './text-lines.ts'
import { TraceError } from './trace-error.ts'
import { readTraceLine } from './trace-line.ts'
import type { TraceOptions, TraceSession } from './trace-session.ts'

/** A line that is no session: where it stands and what was expected. */
export interface TraceProblem {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly reason: string
}

interface TraceFileOptions extends TraceOptions {
  /** Told of each session that has the sid of an earlier one of the file; it is a session all the same. */
  readonly onRepeated?: (problem: TraceProblem) => void
}

/** A session of 100,000 calls that are long; what V8 holds as one text is twice as much. */
const maxLineBytes = 256 * 1024 * 1024

/**
 * The sessions of a recording, plain or gzip JSON lines, one at a time. A malformed line is reported and the rest goes on.
 * @throws TraceError `RECORDING_UNREADABLE`, `RECORDING_DAMAGED`, or `RECORDING_EMPTY` where no line is a session
 */
export async function* readTraceFile(
  file: string,
  onProblem: (problem: TraceProblem) => void,
  options: TraceFileOptions = {},
): AsyncGenerator<TraceSession> {
  let line = 0
  let sessions = 0
  let firstReason: string | undefined
  let isBlank = true
  const noteRepeated = options.onRepeated && repeats(file, options.onRepeated)
  for await (const text of linesOf(file)) {
    line += 1
    if (text?.trim() === '') continue
    isBlank = false
    const read = readTraceLine(text, maxLineBytes, options)
    if (read.ok) {
      sessions += 1
      noteRepeated?.(read.session.id, line)
      yield read.session
      continue
    }
    firstReason ??= `line ${line}: ${read.reason}`
    onProblem({ file, line, reason: read.reason })
  }
  if (sessions === 0 && !(isBlank && options.mayBeEmpty === true)) throw withoutSessions(file, firstReason)
}

/** A number and its text are one name to whoever joins by it. */
const repeats = (file: string, onRepeated: (problem: TraceProblem) => void) => {
  const firstLines = new Map<string, number>()
  return (id: string | number, line: number): void => {
    const firstLine = firstLines.get(String(id))
    if (firstLine === undefined) firstLines.set(String(id), line)
    else onRepeated({ file, line, reason: `expected a sid of its own, got that of line ${firstLine}` })
  }
}

async function* linesOf(file: string): AsyncGenerator<string | undefined> {
  let lines = 0
  try {
    for await (const line of textLines(await openBytes(file), maxLineBytes)) {
      lines += 1
      yield line
    }
  } catch (error) {
    throw fileFault(file, error, lines)
  }
}

/** By what it holds: a gzip file begins with these bytes (RFC 1952 §2.3.1), whatever it is called. */
const gzipMagic = Buffer.from([0x1f, 0x8b])

const openBytes = async (file: string): Promise<AsyncIterable<Buffer>> => {
  const chunks = createReadStream(file).iterator() as AsyncIterableIterator<Buffer>
  const first = await firstBytes(chunks)
  const bytes = joined(first, chunks)
  // Faults of either reach whoever reads the result.
  return first.subarray(0, gzipMagic.length).equals(gzipMagic)
    ? pipeline(Readable.from(bytes), createGunzip(), () => undefined)
    : bytes
}

/** Enough to tell what the file is, where it has as much. */
const firstBytes = async (chunks: AsyncIterator<Buffer>): Promise<Buffer> => {
  let first = Buffer.alloc(0)
  while (first.length < gzipMagic.length) {
    const next = await chunks.next()
    if (next.done === true) break
    first = Buffer.concat([first, next.value])
  }
  return first
}

async function* joined(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

const withoutSessions = (file: string, firstReason: string | undefined): TraceError =>
  new TraceError(
    'RECORDING_EMPTY',
    `recording ${file}: expected recorded sessions, one JSON object a line; ` +
      (firstReason === undefined ? 'got an empty file' : `got none (${firstReason})`),
  )
