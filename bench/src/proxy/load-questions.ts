import type { McpTarget } from './mcp-caller.ts'

/** What the process that calls is asked. A `type`: see `QuestionMap`. */
export type LoadQuestions = {
  /** Opens one connection for each target, under a name. */
  readonly open: {
    readonly question: { readonly name: string; readonly targets: readonly McpTarget[] }
    readonly answer: undefined
  }
  /** One connection, one call after the other: milliseconds of each. */
  readonly latency: { readonly question: LoadPhase; readonly answer: readonly number[] }
  /** Every connection at once, one call after the other on each. */
  readonly throughput: {
    readonly question: LoadPhase
    readonly answer: { readonly calls: number; readonly callsPerSecond: number }
  }
  readonly floors: {
    readonly question: { readonly httpPort: number; readonly socketPath: string; readonly rounds: number }
    readonly answer: { readonly http: readonly number[]; readonly socket: readonly number[] }
  }
}

export interface LoadPhase {
  readonly name: string
  readonly tool: string
  readonly durationMs: number
}
