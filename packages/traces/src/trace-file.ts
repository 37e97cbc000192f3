import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

import { z } from 'zod'

import { parseTraceSession, type TraceSession } from './trace-session.ts'

/** A line that is no session: where it stands and what was expected. */
export interface TraceProblem {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly reason: string
}

/**
 * The sessions of a recording, plain or gzip JSON lines, one at a time. A malformed line is reported and the rest goes on.
 * @throws the file system's error where the file cannot be read
 */
export async function* readTraceFile(
  file: string,
  onProblem: (problem: TraceProblem) => void,
): AsyncGenerator<TraceSession> {
  let line = 0
  for await (const text of createInterface({ input: openText(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    if (text.trim() === '') continue
    const session = parseLine(text, reason => onProblem({ file, line, reason }))
    if (session !== undefined) yield session
  }
}

const openText = (file: string): Readable => {
  const bytes = createReadStream(file)
  if (!file.endsWith('.gz')) return bytes
  const text = createGunzip()
  bytes.on('error', error => text.destroy(error))
  return bytes.pipe(text)
}

const parseLine = (text: string, onReason: (reason: string) => void): TraceSession | undefined => {
  try {
    return parseTraceSession(JSON.parse(text))
  } catch (error) {
    if (error instanceof z.ZodError) onReason(z.prettifyError(error).replaceAll('\n', '; '))
    else if (error instanceof SyntaxError)
      onReason('expected one JSON object a line, got text that is no JSON')
    else throw error
    return undefined
  }
}
