/** Reads Kafka's wire types (kafka.apache.org/protocol, "Protocol Primitive Types") from a buffer, front to back. */
export class ByteReader {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  get at(): number {
    return this.#at
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  skip(length: number): void {
    this.#at += length
  }

  int8(): number {
    return this.#bytes.readInt8(this.#at++)
  }

  int16(): number {
    this.#at += 2
    return this.#bytes.readInt16BE(this.#at - 2)
  }

  int32(): number {
    this.#at += 4
    return this.#bytes.readInt32BE(this.#at - 4)
  }

  uint32(): number {
    this.#at += 4
    return this.#bytes.readUInt32BE(this.#at - 4)
  }

  int64(): bigint {
    this.#at += 8
    return this.#bytes.readBigInt64BE(this.#at - 8)
  }

  string(): string {
    const length = this.int16()
    return this.slice(length).toString('utf8')
  }

  /** A view of the next bytes, not a copy. @throws RangeError when there are fewer */
  slice(length: number): Buffer {
    if (length < 0 || length > this.remaining) {
      throw new RangeError(`wire data: expected ${length} bytes, got ${this.remaining}`)
    }
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  /** `null` where the length is negative. */
  nullableBytes(): Buffer | null {
    const length = this.int32()
    return length < 0 ? null : this.slice(length)
  }

  array<Item>(read: () => Item): Item[] {
    const items: Item[] = []
    for (let left = this.int32(); left > 0; left -= 1) items.push(read())
    return items
  }

  /** Zigzag, up to 64 bits; exact up to 2^53, which lengths, deltas and timestamps stay below. */
  varint(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#bytes.readUInt8(this.#at++)
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
      scale *= 0x80
    }
  }

  /** Bytes behind a varint length; `null` where it is negative. */
  varintBytes(): Buffer | null {
    const length = this.varint()
    return length < 0 ? null : this.slice(length)
  }
}
