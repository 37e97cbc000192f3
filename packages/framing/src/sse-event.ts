/** One event of a stream; `data` is empty in an event that only names an id to resume from. */
export interface SseEvent {
  readonly data: string
  readonly event?: string
  readonly id?: string
  /** Milliseconds. */
  readonly retry?: number
}
