import type { InfraError } from '../infra-error.ts'
import type { ProcessExit } from './guarded-child.ts'
import type { StopStep } from './guardian-messages.ts'

/** What to run, how to know that it is ready, how to stop it. */
export interface ProcessSpec {
  /** Names the log file and shows in messages. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** The whole environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>
  /** Its working directory; default: the supervisor's folder. */
  readonly folder?: string
  readonly user?: { readonly uid: number; readonly gid: number }
  /** True where it drains and exits when its standard input ends. */
  readonly exitsWithStdin?: boolean
  /** Where its output goes: a log file (the default), or the launcher's own output. */
  readonly output?: 'log' | 'launcher'
  /** Those of one name are stopped side by side, at the turn of the last one that was started; default: on its own. */
  readonly stopsWith?: string
  /** Default: SIGTERM and 5 s. Empty: killed at once, for what has nothing to lose. */
  readonly stopSteps?: readonly StopStep[]
}

/** When a started process counts as ready. */
export interface Readiness {
  /** Polled; a rejection means not yet. */
  readonly isReady: () => Promise<boolean>
  readonly timeoutMs: number
}

/** A process that runs under the guardian. */
export interface ServiceProcess {
  readonly name: string
  readonly pid: number
  readonly logFile: string
  readonly exited: Promise<ProcessExit>
  /** Stops it and its group; resolves when nothing of it is left. */
  stop(): Promise<void>
}

/** Starts processes of which none outlives the launcher. */
export interface Supervisor {
  /** Where logs go, and what throw-away parts may use. */
  readonly folder: string
  /** The process that outlives the launcher until everything is stopped: what holds a lock for the whole stack. */
  readonly guardianPid: number
  /**
   * Resolves when a process that became ready, or the guardian, ended by itself; with the last lines of its log. Never
   * where everything was stopped.
   */
  readonly failed: Promise<InfraError>
  /** Resolves when it is ready. @throws InfraError with the last lines of its log when it exits or takes too long */
  start(spec: ProcessSpec, readiness?: Readiness): Promise<ServiceProcess>
  /** Runs to the end. @throws InfraError `PROCESS_EXITED` with the last lines of its output on any code but 0 */
  run(spec: ProcessSpec): Promise<void>
  /** The folder is removed when everything has stopped, however that came. */
  removeAtEnd(folder: string): void
  /** A new folder outside of `folder`, in the system's temporary one, that is removed at the end. */
  makeTemporaryFolder(name: string): string
  /** Stops everything in reverse order of starting (see `stopsWith`), then removes what is to be removed. */
  close(): Promise<void>
}
