import type { LifecycleEvent, LifecycleState } from './lifecycle-table.ts'
import { lifecycleTable } from './lifecycle-table.ts'
import type { ProcessHost } from './process-host.ts'
import { processHost } from './process-host.ts'
import { serviceErrorLine } from './service-error-line.ts'

/** A service that has started. */
export interface RunningService {
  /** Takes no more work, finishes what it has, lets go of everything. Called at most once. */
  drain(): Promise<void>
  /** Where the lifecycle writes once the service runs; standard error when absent. */
  readonly log?: LifecycleLog
}

/** The part of a log that a lifecycle needs. */
export interface LifecycleLog {
  info(data: Readonly<Record<string, unknown>>, message: string): void
  error(data: Readonly<Record<string, unknown>>, message: string): void
}

export interface ServiceOptions {
  readonly name: string
  /** Rejects when the service cannot run. The signal is aborted when a stop is asked for before it has started. */
  start(stopping: AbortSignal): Promise<RunningService>
  /** Stop also when standard input ends, so that nothing outlives a launcher that crashed. */
  readonly exitWithStdin: boolean
  /** How long a drain may take before the process exits with 1. */
  readonly drainTimeoutMs: number
}

/**
 * Runs a service from its start to the exit of the process: 0 after a drain, 1 after a failed start, a drain that failed
 * or took too long, a second request to stop, or an error that nobody caught.
 */
export const runService = (options: ServiceOptions, host: ProcessHost = processHost): void => {
  const { name, drainTimeoutMs } = options
  const stopping = new AbortController()
  let state: LifecycleState = 'starting'
  let running: RunningService | undefined

  const info = (data: Readonly<Record<string, unknown>>, message: string): void =>
    running?.log ? running.log.info(data, message) : host.writeLine(`${name}: ${message}`)

  const failure = (error: unknown, message: string): void =>
    running?.log
      ? running.log.error({ error }, message)
      : host.writeLine(`${name}: ${message}: ${serviceErrorLine(error)}`)

  const on = (event: LifecycleEvent): void => {
    const step = lifecycleTable[state][event]
    if (step === 'ignore') return
    state = step.to
    if (step.to === 'over') return host.exit(step.exit)
    if (step.to === 'startingToStop') {
      stopping.abort()
      host.after(drainTimeoutMs, timeOut)
    }
    if (step.to === 'draining') {
      host.after(drainTimeoutMs, timeOut)
      void drain()
    }
  }

  const start = async (): Promise<void> => {
    try {
      running = await options.start(stopping.signal)
    } catch (error) {
      if (!stopping.signal.aborted) failure(error, 'could not start')
      return on('startFailed')
    }
    on('started')
  }

  const drain = async (): Promise<void> => {
    try {
      await running?.drain()
    } catch (error) {
      failure(error, 'could not drain')
      return on('drainFailed')
    }
    if (state !== 'over') info({}, 'stopped')
    on('drained')
  }

  const stop = (reason: 'SIGTERM' | 'SIGINT' | 'stdin ended'): void => {
    if (state !== 'over') info({ reason }, 'stopping')
    on('stopRequested')
  }

  const timeOut = (): void => {
    if (state !== 'over') info({ drainTimeoutMs }, 'drain took too long')
    on('drainTimedOut')
  }

  host.makeExitCertain()
  host.onSignal(stop)
  if (options.exitWithStdin) host.onStdinEnd(() => stop('stdin ended'))
  host.onUncaught(error => {
    failure(error, 'uncaught error')
    on('crashed')
  })
  void start()
}
