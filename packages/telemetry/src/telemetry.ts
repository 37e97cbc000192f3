import type { DestinationStream } from 'pino'
import { Registry, collectDefaultMetrics } from 'prom-client'

import type { Log, LogLevel } from './log.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import type { Metrics } from './metrics.ts'

/** A service's log and metrics; its `events.ts` has one function per fact that feeds both. */
export interface Telemetry extends Metrics {
  readonly log: Log
  /** All metrics in the Prometheus text format. */
  metrics(): Promise<string>
}

export interface TelemetryOptions {
  /** Lower case, one word: part of each metric's name and a field of each log line. */
  readonly service: string
  readonly logLevel: LogLevel
  /** Where log lines go; standard output when absent. */
  readonly destination?: DestinationStream
}

/** Each call has metrics of its own, so tests may open many. */
export const createTelemetry = ({ service, logLevel, destination }: TelemetryOptions): Telemetry => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    ...createMetrics(service, registry),
    log: createLog(service, logLevel, destination),
    metrics: () => registry.metrics(),
  }
}
