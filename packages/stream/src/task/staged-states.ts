import type { KeyedValue } from '../ports.ts'
import type { StateView } from '../stateful-processor.ts'
import { isReservedKey } from './changelog-key.ts'
import type { StateStore } from './state-store.ts'

/** A change as it will be committed: encoded as soon as it is made, because whose fault it is must be certain. */
interface EncodedChange<State> {
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

  /**
   * A micro-batch begins. Its maps are new, neither cleared nor waiting since the last one: V8 links the tables of a map that
   * is cleared, and a map that has left the young generation keeps what is put into it, even after it is let go of, until the
   * next full collection.
   */
  begin(): void {
    this.#changed = new Map()
    // What was only looked at is decoded again when it is wanted again.
    this.#handedOut = new Map()
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

  /**
   * Ends the micro-batch: what there is to be committed. What came and went within it leaves no trace. The objects are let go
   * of here, because they are many times larger than their bytes, and would live as long as the commit takes.
   */
  seal(): readonly KeyedValue[] {
    const changes: KeyedValue[] = []
    for (const [key, { value }] of this.#changed)
      if (value !== null || this.#store.has(key)) changes.push({ key, value })
    this.begin()
    return changes
  }

  /** After the commit: what it changed is what the store holds, and the next micro-batch starts on it. */
  settle(changes: readonly KeyedValue[]): void {
    for (const { key, value } of changes) {
      if (value === null) this.#store.delete(key)
      else this.#store.put(key, value)
    }
  }
}
