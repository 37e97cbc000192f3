import type { StateChange, StateView } from '../stateful-processor.ts'
import { isReservedKey } from './changelog-key.ts'
import type { StateStore } from './state-store.ts'

/** One staged change, ready to be committed. */
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
  readonly #handedOut = new Map<string, State | undefined>()
  readonly #changed = new Map<string, State | null>()
  #estimatedBytes = 0

  constructor(store: StateStore<State>) {
    this.#store = store
  }

  /** Encoded size that the changes had before they were changed: a guess at what they will take. */
  get estimatedBytes(): number {
    return this.#estimatedBytes
  }

  has(key: string): boolean {
    const staged = this.#changed.get(key)
    return staged === undefined ? this.#store.has(key) : staged !== null
  }

  get(key: string): State | undefined {
    const staged = this.#changed.get(key)
    if (staged !== undefined) return staged ?? undefined
    if (this.#handedOut.has(key)) return this.#handedOut.get(key)
    const state = this.#store.checkOut(key)
    this.#handedOut.set(key, state)
    return state
  }

  *entries(): IterableIterator<[string, State]> {
    for (const key of this.#keys()) {
      // Copies that are not kept: a walk over everything must not hold everything.
      const touched = this.#changed.has(key) || this.#handedOut.has(key)
      const state = touched ? this.get(key) : this.#store.read(key)
      if (state !== undefined) yield [key, state]
    }
  }

  /** @throws RangeError where the key is one of the stream's own */
  stage({ key, state }: StateChange<State>): void {
    if (isReservedKey(key))
      throw new RangeError('state change: expected a key of the processor, got a reserved one')
    if (!this.#changed.has(key)) this.#estimatedBytes += this.#store.bytes(key)
    this.#changed.set(key, state)
  }

  encode(encodeState: (state: State) => Buffer): EncodedChange<State>[] {
    const changes: EncodedChange<State>[] = []
    for (const [key, state] of this.#changed) {
      if (state !== null) changes.push({ key, value: encodeState(state), state })
      else if (this.#store.has(key)) changes.push({ key, value: null, state })
    }
    return changes
  }

  /** After the commit: what was staged is what the store holds, and the next micro-batch starts on it. */
  settle(changes: readonly EncodedChange<State>[]): void {
    for (const { key, value, state } of changes) {
      if (value === null || state === null) this.#store.delete(key)
      else this.#store.put(key, value, state)
    }
    this.#changed.clear()
    // What was only looked at is decoded again when it is wanted again.
    this.#handedOut.clear()
    this.#estimatedBytes = 0
  }

  #keys(): readonly string[] {
    const committed = this.#store.sortedKeys()
    const added = [...this.#changed.keys()].filter(key => !this.#store.has(key))
    return added.length === 0 ? committed : [...committed, ...added].sort()
  }
}
