import type { OutboxEntry, Position, TopicName } from '@cordon/schemas'

import type { LogRecord, OutgoingRecord, RecordCodec } from '../ports.ts'
import { StreamError } from '../stream-error.ts'
import { ByteTable } from './byte-table.ts'
import {
  claimKey,
  compareOutboxIds,
  isReservedKey,
  outboxKey,
  parseOutboxKey,
  positionKey,
} from './changelog-key.ts'
import type { OutboxId } from './changelog-key.ts'
import { packBytes, unpackBytes } from './packed-bytes.ts'
import type { PackedBytes } from './packed-bytes.ts'

/** An output that was committed and not confirmed. */
export interface LeftOver {
  readonly outboxKey: string
  readonly record: OutgoingRecord
}

/** What a changelog partition amounts to: states as bytes, position, outbox. */
export class ChangelogImage {
  /** Handed over to the state store after the restore. */
  readonly states: ByteTable = new ByteTable()
  readonly #outbox = new Map<string, { readonly id: OutboxId; readonly value: PackedBytes }>()
  #position: PackedBytes | undefined
  #records = 0

  /** Records applied. */
  get records(): number {
    return this.#records
  }

  apply({ key, value }: LogRecord): void {
    this.#records += 1
    const name = key?.toString() ?? ''
    if (!isReservedKey(name)) {
      if (value === null) this.states.delete(name)
      else this.states.set(name, value)
      return
    }
    const id = parseOutboxKey(name)
    if (id !== undefined) {
      if (value === null) this.#outbox.delete(name)
      else this.#outbox.set(name, { id, value: packBytes(value) })
    } else if (name === positionKey && value !== null) {
      this.#position = packBytes(value)
    } else if (name !== claimKey) {
      throw unexpected(`a reserved key that it knows`, `one of ${name.length} characters`)
    }
  }

  /** Next input offset; 0 where nothing was ever committed. @throws SchemaMissing, StreamError `STATE_UNREADABLE` */
  position(codec: RecordCodec): bigint {
    return this.#position === undefined
      ? 0n
      : BigInt(decodePosition(codec, unpackBytes(this.#position)).offset)
  }

  /** In the order in which the outputs came about. @throws SchemaMissing, StreamError `STATE_UNREADABLE` */
  outbox(codec: RecordCodec): LeftOver[] {
    return [...this.#outbox.values()]
      .sort((a, b) => compareOutboxIds(a.id, b.id))
      .map(({ id, value }) => {
        const { topic, partition, key, value: output } = decodeOutboxEntry(codec, unpackBytes(value))
        const record = { topic: topic as TopicName, partition, key, value: output }
        return { outboxKey: outboxKey(id), record }
      })
  }
}

const decodePosition = (codec: RecordCodec, value: Buffer): Position => {
  const record = codec.decode(value)
  if (record.name === 'Position') return record.value
  throw unexpected('a Position', record.name)
}

const decodeOutboxEntry = (codec: RecordCodec, value: Buffer): OutboxEntry => {
  const record = codec.decode(value)
  if (record.name === 'OutboxEntry') return record.value
  throw unexpected('an OutboxEntry', record.name)
}

const unexpected = (expected: string, got: string): StreamError =>
  new StreamError('STATE_UNREADABLE', `changelog: expected ${expected}, got ${got}`)
