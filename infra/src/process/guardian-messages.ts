/** Which signal a process gets to stop, and how long it may take before the next one. */
export interface StopStep {
  readonly signal: 'SIGTERM' | 'SIGINT' | 'SIGQUIT'
  readonly waitMs: number
}

/** What the guardian needs to start a process and to stop it without asking anyone. */
export interface GuardedProcess {
  readonly id: number
  readonly command: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly folder: string
  /** Where its output goes; `undefined`: to the launcher's. */
  readonly logFile?: string
  /** The user it runs as; only root can say another than itself. */
  readonly user?: { readonly uid: number; readonly gid: number }
  /** True: its standard input stays open as long as the guardian lives. */
  readonly holdsStdin: boolean
  /** Those of one name are stopped side by side, at the turn of the last one that was started. */
  readonly stopsWith?: string
  /** In this order; SIGKILL for the whole process group is the last one always. */
  readonly stopSteps: readonly StopStep[]
}

export type GuardianCommand =
  | { readonly type: 'start'; readonly process: GuardedProcess }
  | { readonly type: 'stop'; readonly id: number }
  /** The folder goes when everything has stopped. */
  | { readonly type: 'removeAtEnd'; readonly folder: string }
  | { readonly type: 'end' }

export type GuardianEvent =
  /** Somebody asked the guardian itself to end: it stops everything. */
  | { readonly type: 'ending'; readonly signal: NodeJS.Signals }
  | { readonly type: 'started'; readonly id: number; readonly pid: number }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string }
  | {
      readonly type: 'exited'
      readonly id: number
      readonly code: number | null
      readonly signal: NodeJS.Signals | null
    }
