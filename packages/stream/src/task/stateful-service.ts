import type { AssignmentEpoch, Membership, RecordCodec, StreamClient } from '../ports.ts'
import { systemScheduler } from '../scheduler.ts'
import type { Scheduler } from '../scheduler.ts'
import type { StatefulProcessor } from '../stateful-processor.ts'
import { InputFeed } from './input-feed.ts'
import { StatefulTask } from './stateful-task.ts'
import type { TaskStatus } from './stateful-task.ts'
import type { TaskContext } from './task-context.ts'
import { taskEvents } from './task-events.ts'
import type { TaskEvents } from './task-events.ts'
import { defaultTaskLimits } from './task-limits.ts'
import type { TaskLimits } from './task-limits.ts'

export interface StatefulServiceOptions<State> {
  /** Stays open when the service closes. */
  readonly client: StreamClient
  readonly processor: StatefulProcessor<State>
  readonly codec: RecordCodec
  /** Instances of one group share the partitions out; transactional ids are `<group>-<partition>`. */
  readonly group: string
  /** How long after its last heartbeat an instance's partitions go to others. Default 6 s. */
  readonly sessionTimeoutMs?: number
  /** How often time is written to the input; 0: somebody else writes it. Default 1 s. */
  readonly tickIntervalMs?: number
  readonly events?: Partial<TaskEvents>
  readonly limits?: Partial<TaskLimits>
  readonly scheduler?: Scheduler
}

/** A running stateful service. */
export interface StatefulService<State> {
  /** Every owned task is running. True without any partition: an instance may have nothing to do. */
  readonly ready: boolean
  /** The owned tasks by partition. */
  readonly owned: ReadonlyMap<number, TaskStatus>
  /** Input records that are known to exist and are not committed, of all owned partitions. */
  readonly lag: number
  /** The committed state of a key, as a copy: for drivers and operators, not for other services. */
  state(partition: number, key: string): State | undefined
  /** Finishes what is begun, hands the partitions over, leaves the group. */
  close(): Promise<void>
}

/** Joins the group and runs a task for each partition that it is assigned. */
export const runStatefulService = async <State>(
  options: StatefulServiceOptions<State>,
): Promise<StatefulService<State>> => {
  const { client, processor, group } = options
  const context: TaskContext<State> = {
    client,
    processor,
    codec: options.codec,
    group,
    publisher: await client.openPublisher(),
    feed: new InputFeed(client, processor.input),
    scheduler: options.scheduler ?? systemScheduler,
    limits: { ...defaultTaskLimits, ...options.limits },
    events: taskEvents(options.events ?? {}),
    tickIntervalMs: options.tickIntervalMs ?? 1000,
  }
  const tasks = new Map<number, StatefulTask<State>>()
  const stop = async (partitions: readonly number[]): Promise<void> => {
    await Promise.all(
      partitions.map(async partition => {
        await tasks.get(partition)?.stop()
        tasks.delete(partition)
      }),
    )
  }
  const start = async (partitions: readonly number[], epoch: AssignmentEpoch): Promise<void> => {
    await stop(partitions)
    // Restoring takes its time; the group goes on meanwhile.
    for (const partition of partitions) tasks.set(partition, new StatefulTask(context, partition, epoch))
  }
  const close = async (membership?: Membership): Promise<void> => {
    await membership?.close()
    await stop([...tasks.keys()])
    await context.feed.close()
    await context.publisher.close()
  }

  try {
    const membership = await client.joinMembership({
      group,
      topic: processor.input,
      sessionTimeoutMs: options.sessionTimeoutMs ?? 6000,
      onAssigned: start,
      onRevoked: stop,
      positions: () => positionsOf(tasks),
    })
    return serviceOf(tasks, async () => await close(membership))
  } catch (error) {
    await close()
    throw error
  }
}

const positionsOf = <State>(tasks: ReadonlyMap<number, StatefulTask<State>>): ReadonlyMap<number, bigint> =>
  new Map(
    [...tasks].flatMap(([partition, { status }]) =>
      status.position === undefined ? [] : [[partition, status.position]],
    ),
  )

const serviceOf = <State>(
  tasks: ReadonlyMap<number, StatefulTask<State>>,
  close: () => Promise<void>,
): StatefulService<State> => ({
  get ready() {
    return [...tasks.values()].every(({ status }) => status.state === 'running')
  },
  get owned() {
    return new Map([...tasks].map(([partition, { status }]) => [partition, status]))
  },
  get lag() {
    return [...tasks.values()].reduce((sum, { status }) => sum + status.lag, 0)
  },
  state: (partition, key) => tasks.get(partition)?.state(key),
  close,
})
