import type { StateView } from '../stateful-processor.ts'
import { isReservedKey } from './changelog-key.ts'
import type { StateStore } from './state-store.ts'

/** A change as it will be committed: encoded as soon as it is made, because whose fault it is must be certain. */
export interface EncodedChange<State> {
  readonly key: string
  /** `null` deletes. */
  readonly value: Buffer | null
  readonly state: State | null
}

/**
 * The running micro-batch's view of the states: what it changed lies over what is committed. It is handed to `process`
 * as one and the same object for as long as nothing is abandoned, so that an author may hang an index on it.
 */
export class StagedStates<State> implements StateView<State> {
  readonly #store: StateStore<State>
  #handedOut = new Map<string, State | undefined>()
  #changed = new Map<string, EncodedChange<State>>()

  constructor(store: StateStore<State>) {
    this.#store = store
  }

  has(key: string): boolean {
    const staged = this.#changed.get(key)
    return staged === undefined ? this.#store.has(key) : staged.state !== null
  }

  get(key: string): State | undefined {
    const staged = this.#changed.get(key)
    if (staged !== undefined) return staged.state ?? undefined
    if (this.#handedOut.has(key)) return this.#handedOut.get(key)
    const state = this.#store.read(key)
    this.#handedOut.set(key, state)
    return state
  }

  *survey<Seen>(look: (value: Buffer) => Seen): IterableIterator<[string, Seen]> {
    for (const [key, { value }] of this.#changed) if (value !== null) yield [key, look(value)]
    for (const key of this.#store.keys()) {
      if (!this.#changed.has(key)) yield [key, this.#store.look(key, look)!]
    }
  }

  /** @throws RangeError where the key is one of the stream's own */
  stage(change: EncodedChange<State>): void {
    if (isReservedKey(change.key)) {
      throw new RangeError('state change: expected a key of the processor, got a reserved one')
    }
    this.#changed.set(change.key, change)
  }

  /** What there is to be committed; what came and went within the micro-batch leaves no trace. */
  changes(): readonly EncodedChange<State>[] {
    return [...this.#changed.values()].filter(({ key, state }) => state !== null || this.#store.has(key))
  }

  /** After the commit: what was staged is what the store holds, and the next micro-batch starts on it. */
  settle(changes: readonly EncodedChange<State>[]): void {
    for (const { key, value, state } of changes) {
      if (value === null || state === null) this.#store.delete(key)
      else this.#store.put(key, value)
    }
    // Not cleared but new: V8 links the tables of a map that is cleared, and where an old one has left the young
    // generation, it keeps all that follow, and the states in them, until the next full collection.
    this.#changed = new Map()
    // What was only looked at is decoded again when it is wanted again.
    this.#handedOut = new Map()
  }
}
