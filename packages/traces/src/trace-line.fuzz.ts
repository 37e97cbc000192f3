import { readTraceLine } from './trace-line.ts'

export const seeds: readonly Buffer[] = [
  '{"sid":"s","suite":"bank","calls":[{"tool":"files/read","args":{"path":"/a"},"step":0,"result":"text","result_chars":4,"error":false,"ts":"2026-01-01T00:00:00Z","ts_result":"2026-01-01T00:00:01Z"}]}',
  '{"sid":"s","suite":"bank","calls":[{"tool":"read","ts":"yesterday"}]}',
].map(text => Buffer.from(text))

/** A session, or a reason; never an error. */
export const run = (bytes: Buffer): void => void readTraceLine(bytes.toString('utf8'), 4096)
