/** What a bench can be told, where it is one that takes it: how much of it there is. */
export interface BenchOptions {
  readonly events?: number
  readonly sessions?: number
  /** File of labelled sessions. */
  readonly traces?: string
}
