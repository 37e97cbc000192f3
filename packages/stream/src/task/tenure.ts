import type { AssignmentEpoch, FencedWriter } from '../ports.ts'
import { Fenced, SchemaMissing, StreamError } from '../stream-error.ts'
import type { ChangelogImage } from './changelog-image.ts'
import { restoreImage } from './restore-image.ts'
import { StateStore } from './state-store.ts'
import type { TaskContext } from './task-context.ts'
import type { TaskEvent } from './task-state.ts'
import { TaskWork } from './task-work.ts'

export interface TenureOptions<State> {
  readonly context: TaskContext<State>
  readonly partition: number
  readonly epoch: AssignmentEpoch
  readonly onEvent: (event: TaskEvent) => void
}

/** How a tenure ended. */
export type TenureEnd =
  { readonly how: 'drained' } | { readonly how: 'fenced' | 'failed'; readonly cause: Error }

// More than there are schemas in a changelog: whoever asks more often runs in circles.
const maxPreparations = 16

/** One owner's time with one partition under one claim: claim, restore, then work until something ends it. */
export class Tenure<State> {
  readonly #options: TenureOptions<State>
  readonly #end = Promise.withResolvers<TenureEnd>()
  #work: TaskWork<State> | undefined
  #isStopping = false

  constructor(options: TenureOptions<State>) {
    this.#options = options
  }

  /** `undefined` until everything is restored. */
  get work(): TaskWork<State> | undefined {
    return this.#work
  }

  /** Resolves when the tenure is over and nothing of it goes on. */
  async run(): Promise<TenureEnd> {
    void this.#begin()
    const end = await this.#end.promise
    await this.#work?.close()
    return end
  }

  /** Lets the commit under way and the outputs on their way finish, within bounds. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#work?.drain()
    this.#end.resolve({ how: 'drained' })
  }

  async #begin(): Promise<void> {
    const { onEvent } = this.#options
    let writer: FencedWriter | undefined
    try {
      writer = await this.#claim()
      if (this.#isStopping) return await writer.close()
      onEvent('claimed')
      const work = await this.#restore(writer)
      if (this.#isStopping) return await work.close()
      this.#work = work
      onEvent('restored')
      await work.begin()
    } catch (error) {
      if (this.#work === undefined) await writer?.close()
      this.#finish(error)
    }
  }

  async #claim(): Promise<FencedWriter> {
    const { context, partition, epoch } = this.#options
    const { client, processor, codec, group, scheduler } = context
    const { memberId: owner, generation } = epoch
    return await client.claimPartition({
      transactionalId: `${group}-${partition}`,
      partition,
      topics: [processor.changelog, ...processor.claimed],
      epoch,
      claim: topic => codec.encode(topic, 'Claim', { owner, generation, claimedAt: scheduler.now() }),
    })
  }

  async #restore(writer: FencedWriter): Promise<TaskWork<State>> {
    const { context, partition, epoch, onEvent } = this.#options
    const { client, processor, scheduler, events } = context
    const startedAt = scheduler.elapsed()
    const image = await restoreImage({
      client,
      changelog: processor.changelog,
      partition,
      claim: writer.claims.get(processor.changelog)!,
      abandoned: this.#end.promise,
    })
    if (this.#isStopping) throw new StreamError('CLOSED', 'restore: expected to finish, got told to stop')
    const { position, leftOver } = await this.#decode(image)
    const { records, states } = image
    const seconds = (scheduler.elapsed() - startedAt) / 1000
    events.restored(partition, {
      records,
      states: states.size,
      outbox: leftOver.length,
      position,
      seconds,
    })
    const decode = (value: Buffer): State => processor.decodeState(value)
    return new TaskWork({
      context,
      partition,
      generation: epoch.generation,
      writer,
      store: new StateStore(decode, states),
      position,
      leftOver,
      onEvent,
      onFailure: error => this.#finish(error),
    })
  }

  // An earlier owner may have written with a schema that this one has not met.
  async #decode(image: ChangelogImage) {
    const { codec } = this.#options.context
    for (let preparations = 0; ; preparations += 1) {
      try {
        return { position: image.position(codec), leftOver: image.outbox(codec) }
      } catch (error) {
        if (!(error instanceof SchemaMissing) || preparations === maxPreparations) throw error
        await codec.prepare(error)
      }
    }
  }

  #finish(error: unknown): void {
    const cause =
      error instanceof Error ? error : new TypeError(`task: expected an error, got ${typeof error}`)
    this.#end.resolve({ how: cause instanceof Fenced ? 'fenced' : 'failed', cause })
  }
}
