import { PoisonRecord, SchemaMissing, StreamError, TransientFault } from '../stream-error.ts'
import { ByteTable } from './byte-table.ts'

/**
 * The committed states of one partition, as the bytes that stand in the changelog: what memory holds is what a new owner
 * would restore, and a session costs its encoded size. Whoever reads a state owns the object; the bytes stay. So a batch
 * is abandoned by dropping its objects, and nothing is ever copied twice.
 *
 * No state is held decoded for the next time: objects that live for half a second outlive the young generation, and
 * collecting them stopped everything for longer than decoding them anew ever takes.
 */
export class StateStore<State> {
  readonly #decode: (value: Buffer) => State
  readonly #encoded: ByteTable

  /** @param encoded taken over */
  constructor(decode: (value: Buffer) => State, encoded: ByteTable = new ByteTable()) {
    this.#decode = decode
    this.#encoded = encoded
  }

  get size(): number {
    return this.#encoded.size
  }

  has(key: string): boolean {
    return this.#encoded.has(key)
  }

  /** An object that is the caller's from now on. @throws StreamError `STATE_UNREADABLE` */
  read(key: string): State | undefined {
    return this.look(key, this.#decode)
  }

  /** What `look` makes of the bytes, which are only lent to it. @throws StreamError `STATE_UNREADABLE` */
  look<Seen>(key: string, look: (value: Buffer) => Seen): Seen | undefined {
    const value = this.#encoded.lend(key)
    if (value === undefined) return undefined
    try {
      return look(value)
    } catch (error) {
      if (error instanceof SchemaMissing || error instanceof TransientFault) throw error
      throw unreadable(value, error)
    }
  }

  /** What was committed. */
  put(key: string, value: Buffer): void {
    this.#encoded.set(key, value)
  }

  delete(key: string): void {
    this.#encoded.delete(key)
  }

  keys(): IterableIterator<string> {
    return this.#encoded.keys()
  }
}

const unreadable = (value: Buffer, cause: unknown): StreamError => {
  const kind = cause instanceof PoisonRecord ? 'bytes of another form' : 'bytes that break its decoder'
  const message = `changelog: expected a state that its processor can read, got ${value.length} ${kind}`
  return new StreamError('STATE_UNREADABLE', message, { cause })
}
