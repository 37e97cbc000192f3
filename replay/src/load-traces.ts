import { readTraceFile, type TraceOptions, type TraceProblem, type TraceSession } from '@cordon/traces'

/** All sessions of the files; what is no session is a problem. */
export const loadTraces = async (
  files: readonly string[],
  onProblem: (problem: TraceProblem) => void,
  options: TraceOptions = {},
): Promise<readonly TraceSession[]> => {
  const traces: TraceSession[] = []
  for (const file of files)
    for await (const trace of readTraceFile(file, onProblem, options)) traces.push(trace)
  return traces
}
