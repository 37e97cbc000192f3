import type { Publisher, RecordCodec, StreamClient } from '../ports.ts'
import type { Scheduler } from '../scheduler.ts'
import type { StatefulProcessor } from '../stateful-processor.ts'
import type { InputFeed } from './input-feed.ts'
import type { TaskEvents } from './task-events.ts'
import type { TaskLimits } from './task-limits.ts'

/** What all tasks of a service share. */
export interface TaskContext<State> {
  readonly client: StreamClient
  readonly processor: StatefulProcessor<State>
  readonly codec: RecordCodec
  readonly group: string
  readonly publisher: Publisher
  readonly feed: InputFeed
  readonly scheduler: Scheduler
  readonly limits: TaskLimits
  readonly events: TaskEvents
  /** 0: somebody else writes time to the log. */
  readonly tickIntervalMs: number
}
