import { TraceError, type TraceErrorCode } from './trace-error.ts'

// What whoever named the file can do about it, by the code of the system or of zlib.
const faults: Readonly<Record<string, readonly [TraceErrorCode, string]>> = {
  ENOENT: ['RECORDING_UNREADABLE', 'expected a file, got none of that name; check the path'],
  EISDIR: ['RECORDING_UNREADABLE', 'expected a file, got a directory; name a file in it'],
  EACCES: ['RECORDING_UNREADABLE', 'expected a readable file, got no permission; check its mode'],
  EPERM: ['RECORDING_UNREADABLE', 'expected a readable file, got no permission; check its mode'],
  Z_BUF_ERROR: ['RECORDING_DAMAGED', 'expected a whole gzip file, got one that ends early; fetch it again'],
}

/**
 * A fault met while reading a recording, in words.
 * @param lines how many were read before it
 */
export const fileFault = (file: string, error: unknown, lines: number): TraceError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown fault'
  const [named, text] = faults[code] ?? (code.startsWith('Z_') ? notGzip(lines) : unreadable(code))
  return new TraceError(named, `recording ${file}: ${text}`, { cause: error })
}

const notGzip = (lines: number): readonly [TraceErrorCode, string] => [
  'RECORDING_DAMAGED',
  lines === 0
    ? 'expected gzip, as its first bytes say, got damaged bytes; fetch it again'
    : `expected gzip, got damaged bytes after line ${lines}; fetch it again`,
]

const unreadable = (code: string): readonly [TraceErrorCode, string] => [
  'RECORDING_UNREADABLE',
  `expected a readable file, got ${code}`,
]
