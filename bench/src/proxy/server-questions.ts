/** What a server of the bench is asked. A `type`: see `QuestionMap`. */
export type ServerQuestions = {
  /** Answers the port that it listens on. */
  readonly listen: { readonly question: ListenQuestion; readonly answer: number }
}

export interface ListenQuestion {
  /** Of a reverse proxy: where it forwards to. */
  readonly upstreamPort?: number
  /** Of a server that sends frames back: its socket. */
  readonly socketPath?: string
}
