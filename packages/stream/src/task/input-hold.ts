import { SchemaMissing, StreamError, TransientFault } from '../stream-error.ts'
import type { Interruption } from './micro-batch.ts'
import type { TaskContext } from './task-context.ts'
import { retryDelayMs } from './task-limits.ts'

export interface InputHoldOptions {
  readonly context: Pick<TaskContext<unknown>, 'codec' | 'scheduler' | 'limits' | 'events'>
  readonly partition: number
  /** No retry will ever help this record. */
  readonly condemn: (offset: bigint, reason: string) => void
}

/** The time in which a partition's input is held: fetches the schema that is missing, or waits until a fault may have passed. */
export class InputHold {
  readonly #options: InputHoldOptions
  #isOn = false
  #attempt = 0
  // The schema that was fetched last, in case it is missed again all the same.
  #fetched: number | undefined

  constructor(options: InputHoldOptions) {
    this.#options = options
  }

  get isOn(): boolean {
    return this.#isOn
  }

  /** Resolves when the record may be tried again. */
  async wait({ offset, cause }: Interruption): Promise<void> {
    this.#isOn = true
    const fault = cause instanceof SchemaMissing ? await this.#fetch(cause, offset) : cause
    if (fault === undefined) return
    const { context, partition } = this.#options
    const retryMs = retryDelayMs(context.limits, this.#attempt++)
    context.events.interrupted(partition, { cause: fault, retryMs })
    await new Promise<void>(resolve => context.scheduler.after(retryMs, resolve))
  }

  /** The record was processed. */
  release(): void {
    this.#isOn = false
    this.#attempt = 0
    this.#fetched = undefined
  }

  /** What stands in the way still; `undefined`: nothing. */
  async #fetch(missing: SchemaMissing, offset: bigint): Promise<Error | undefined> {
    try {
      await this.#options.context.codec.prepare(missing)
    } catch (error) {
      if (error instanceof TransientFault) return error
      // The registry is there and does not know it.
      this.#options.condemn(offset, reasonOf(missing, error))
      return undefined
    }
    const isNews = this.#fetched !== missing.schemaId
    this.#fetched = missing.schemaId
    return isNews ? undefined : missing
  }
}

const reasonOf = ({ schemaId }: SchemaMissing, error: unknown): string => {
  const code = error instanceof StreamError ? error.code : 'POISON_RECORD'
  return `${code}: expected a schema that the registry holds, got ${schemaId}`
}
