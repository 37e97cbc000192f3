/** What the load published: one column per field, because there are many. Milliseconds of the monotonic clock. */
export interface PublishedEvents {
  readonly partitions: number[]
  readonly offsets: number[]
  /** When it should have been sent. */
  readonly dueAt: number[]
  readonly sentAt: number[]
  readonly acknowledgedAt: number[]
}

export const noPublishedEvents = (): PublishedEvents => ({
  partitions: [],
  offsets: [],
  dueAt: [],
  sentAt: [],
  acknowledgedAt: [],
})
