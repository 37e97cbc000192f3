import type { MemoryClient } from '../memory/memory-client.ts'
import { runStatefulService } from '../task/stateful-service.ts'
import type { StatefulService, StatefulServiceOptions } from '../task/stateful-service.ts'
import type { TaskStatus } from '../task/stateful-task.ts'
import type { TaskEvents } from '../task/task-events.ts'
import { ManualScheduler } from './manual-timeline.ts'
import type { ManualTimeline } from './manual-timeline.ts'

export interface DriverOwnerOptions<State> {
  readonly client: MemoryClient
  readonly timeline: ManualTimeline
  readonly service: Omit<StatefulServiceOptions<State>, 'client' | 'scheduler' | 'events'>
}

/** What an owner said of one of its tasks. */
export type OwnerFact = {
  [Name in keyof TaskEvents]: {
    readonly fact: Name
    readonly partition: number
    readonly detail: Parameters<TaskEvents[Name]>[1]
  }
}[keyof TaskEvents]

/** One instance of the service under a driver. */
export class DriverOwner<State> {
  readonly name: string
  readonly #client: MemoryClient
  readonly #scheduler: ManualScheduler
  readonly #starting: Promise<void>
  readonly #facts: OwnerFact[] = []
  #service: StatefulService<State> | undefined

  constructor({ client, timeline, service }: DriverOwnerOptions<State>) {
    this.name = client.name
    this.#client = client
    const scheduler = new ManualScheduler(timeline, client.name)
    this.#scheduler = scheduler
    const start = async (): Promise<void> => {
      this.#service = await runStatefulService({ ...service, client, scheduler, events: this.#events() })
    }
    this.#starting = start()
    // A crash may come before it has started; whoever closes it learns of other reasons.
    this.#starting.catch(() => {})
  }

  /** Rejects where the service could not start. */
  get started(): Promise<void> {
    return this.#starting
  }

  /** Neither crashed nor standing still. */
  get isAwake(): boolean {
    return this.#scheduler.isAwake
  }

  get owned(): ReadonlyMap<number, TaskStatus> {
    return this.#service?.owned ?? new Map()
  }

  get ready(): boolean {
    return this.#service?.ready ?? false
  }

  /** Everything that it said, in order. */
  get facts(): readonly OwnerFact[] {
    return this.#facts
  }

  state(partition: number, key: string): State | undefined {
    return this.#service?.state(partition, key)
  }

  crash(): void {
    this.#scheduler.die()
    this.#client.crash()
  }

  isolate(): void {
    this.#scheduler.sleep()
    this.#client.isolate()
  }

  /** Goes on where it stood still, and does not know that it did. */
  wake(): void {
    this.#scheduler.wake()
    this.#client.reconnect()
  }

  async close(): Promise<void> {
    if (!this.isAwake) return
    await this.#starting
    await this.#service?.close()
    await this.#client.close()
    this.#scheduler.die()
  }

  #events(): TaskEvents {
    const note = (fact: OwnerFact): void => {
      this.#facts.push(fact)
    }
    return {
      stateChanged: (partition, detail) => note({ fact: 'stateChanged', partition, detail }),
      restored: (partition, detail) => note({ fact: 'restored', partition, detail }),
      committed: (partition, detail) => note({ fact: 'committed', partition, detail }),
      poisoned: (partition, detail) => note({ fact: 'poisoned', partition, detail }),
      interrupted: (partition, detail) => note({ fact: 'interrupted', partition, detail }),
      outputLost: (partition, detail) => note({ fact: 'outputLost', partition, detail }),
      outputDelayed: (partition, detail) => note({ fact: 'outputDelayed', partition, detail }),
      fenced: (partition, detail) => note({ fact: 'fenced', partition, detail }),
      failed: (partition, detail) => note({ fact: 'failed', partition, detail }),
    }
  }
}
