import { readTraceFile, type TraceProblem, type TraceSession } from '@cordon/traces'

/** All sessions of the files; what is no session is a problem. */
export const loadTraces = async (
  files: readonly string[],
  onProblem: (problem: TraceProblem) => void,
): Promise<readonly TraceSession[]> => {
  const traces: TraceSession[] = []
  for (const file of files) for await (const trace of readTraceFile(file, onProblem)) traces.push(trace)
  return traces
}
