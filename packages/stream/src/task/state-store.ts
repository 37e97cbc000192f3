import { PoisonRecord, SchemaMissing, StreamError, TransientFault } from '../stream-error.ts'
import { packBytes, unpackBytes } from './packed-bytes.ts'
import type { PackedBytes } from './packed-bytes.ts'

export interface StateStoreOptions<State> {
  decode(value: Buffer): State
  /** Encoded size of the states that are held decoded, too. */
  readonly decodedBytes: number
}

interface Decoded<State> {
  readonly state: State
  readonly bytes: number
}

/**
 * The committed states of one partition, as the bytes that stand in the changelog: what memory holds is what a new owner
 * would restore, and a session costs its encoded size. Whoever wants to work on a state checks it out and owns the
 * object from then on; the bytes stay. So a batch is abandoned by dropping its objects, and nothing is ever copied twice.
 * States that were committed last are kept decoded as well, within bounds, because busy sessions come again.
 */
export class StateStore<State> {
  readonly #options: StateStoreOptions<State>
  readonly #encoded: Map<string, PackedBytes>
  // In order of use: the first is the one that was not used for longest.
  readonly #decoded = new Map<string, Decoded<State>>()
  #decodedBytes = 0
  #sortedKeys: readonly string[] | undefined

  /** @param encoded taken over */
  constructor(options: StateStoreOptions<State>, encoded: Map<string, PackedBytes> = new Map()) {
    this.#options = options
    this.#encoded = encoded
  }

  get size(): number {
    return this.#encoded.size
  }

  has(key: string): boolean {
    return this.#encoded.has(key)
  }

  /** Encoded size of the committed state; 0 where there is none. */
  bytes(key: string): number {
    return this.#encoded.get(key)?.length ?? 0
  }

  /** An object that is the caller's from now on. @throws StreamError `STATE_UNREADABLE` */
  checkOut(key: string): State | undefined {
    const decoded = this.#decoded.get(key)
    if (decoded !== undefined) {
      this.#forget(key, decoded)
      return decoded.state
    }
    return this.read(key)
  }

  /** A fresh copy. @throws StreamError `STATE_UNREADABLE` */
  read(key: string): State | undefined {
    const encoded = this.#encoded.get(key)
    if (encoded === undefined) return undefined
    const value = unpackBytes(encoded)
    try {
      return this.#options.decode(value)
    } catch (error) {
      if (error instanceof SchemaMissing || error instanceof TransientFault) throw error
      throw unreadable(value, error)
    }
  }

  /** What was committed; the object is the store's from now on. */
  put(key: string, value: Buffer, state: State): void {
    if (!this.#encoded.has(key)) this.#sortedKeys = undefined
    this.#encoded.set(key, packBytes(value))
    this.#remember(key, { state, bytes: value.length })
  }

  delete(key: string): void {
    if (this.#encoded.delete(key)) this.#sortedKeys = undefined
    const decoded = this.#decoded.get(key)
    if (decoded !== undefined) this.#forget(key, decoded)
  }

  /** In one order for all owners, whatever they restored from. */
  sortedKeys(): readonly string[] {
    this.#sortedKeys ??= [...this.#encoded.keys()].sort()
    return this.#sortedKeys
  }

  #remember(key: string, decoded: Decoded<State>): void {
    const known = this.#decoded.get(key)
    if (known !== undefined) this.#forget(key, known)
    this.#decoded.set(key, decoded)
    this.#decodedBytes += decoded.bytes
    for (const [oldest, old] of this.#decoded) {
      if (this.#decodedBytes <= this.#options.decodedBytes) break
      this.#forget(oldest, old)
    }
  }

  #forget(key: string, { bytes }: Decoded<State>): void {
    this.#decoded.delete(key)
    this.#decodedBytes -= bytes
  }
}

const unreadable = (value: Buffer, cause: unknown): StreamError => {
  const kind = cause instanceof PoisonRecord ? 'bytes of another form' : 'bytes that break its decoder'
  const message = `changelog: expected a state that its processor can read, got ${value.length} ${kind}`
  return new StreamError('STATE_UNREADABLE', message, { cause })
}
