export type { TraceProblem } from './trace-file.ts'
export { readTraceFile } from './trace-file.ts'
export type { TraceCall, TraceSession } from './trace-session.ts'
export { parseTraceSession } from './trace-session.ts'
