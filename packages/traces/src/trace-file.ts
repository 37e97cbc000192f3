import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
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

/** Two hundred times the longest line of the recordings that we have. */
const maxLineBytes = 16 * 1024 * 1024

/**
 * The sessions of a recording, plain or gzip JSON lines, one at a time. A malformed line is reported and the rest goes on.
 * @throws TraceError `RECORDING_UNREADABLE`, `RECORDING_DAMAGED`, or `RECORDING_EMPTY` where no line is a session
 */
export async function* readTraceFile(
  file: string,
  onProblem: (problem: TraceProblem) => void,
  options: TraceOptions = {},
): AsyncGenerator<TraceSession> {
  let line = 0
  let sessions = 0
  let firstReason: string | undefined
  for await (const text of linesOf(file)) {
    line += 1
    if (text?.trim() === '') continue
    const read = readTraceLine(text, maxLineBytes, options)
    if (read.ok) {
      sessions += 1
      yield read.session
      continue
    }
    firstReason ??= `line ${line}: ${read.reason}`
    onProblem({ file, line, reason: read.reason })
  }
  if (sessions === 0) throw withoutSessions(file, firstReason)
}

async function* linesOf(file: string): AsyncGenerator<string | undefined> {
  let lines = 0
  try {
    for await (const line of textLines(openBytes(file), maxLineBytes)) {
      lines += 1
      yield line
    }
  } catch (error) {
    throw fileFault(file, error, lines)
  }
}

const openBytes = (file: string): Readable => {
  const bytes = createReadStream(file)
  // Faults of either reach whoever reads the result.
  return file.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => undefined) : bytes
}

const withoutSessions = (file: string, firstReason: string | undefined): TraceError =>
  new TraceError(
    'RECORDING_EMPTY',
    `recording ${file}: expected recorded sessions, one JSON object a line; ` +
      (firstReason === undefined ? 'got an empty file' : `got none (${firstReason})`),
  )
