import { BaselineBuilder, calibrate, type Baselines, type SessionEvent } from '@cordon/risk'
import type { TraceSession } from '@cordon/traces'

import { openEngineLogs, type EngineLogOptions } from './engine-logs.ts'

/**
 * What recorded sessions teach, taken as closed in good standing: they are played through the engine's checks, what it
 * would have published is learned, and thresholds are calibrated on it.
 * @param weights of the signals, where they are not the kernel's own
 */
export const learnBaselines = async (
  traces: readonly TraceSession[],
  options: EngineLogOptions,
  weights: Readonly<Record<string, number>> = {},
): Promise<Baselines> => {
  const builder = new BaselineBuilder()
  const logs: (readonly SessionEvent[])[] = []
  const engine = await openEngineLogs(options)
  try {
    for (const trace of traces) logs.push(await engine.logOf(trace))
  } finally {
    await engine.close()
  }
  for (const log of logs) builder.learn(log)
  return builder.baselines(calibrate(logs, { weights }))
}
