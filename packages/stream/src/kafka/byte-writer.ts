/** Writes Kafka's wire types into a buffer that grows. */
export class ByteWriter {
  #bytes: Buffer
  #at = 0

  /** @param size expected bytes; more are found when needed */
  constructor(size = 256) {
    this.#bytes = Buffer.allocUnsafe(size)
  }

  /** What was written: a view. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#at)
  }

  int8(value: number): this {
    this.#claim(1)
    this.#at = this.#bytes.writeInt8(value, this.#at)
    return this
  }

  int16(value: number): this {
    this.#claim(2)
    this.#at = this.#bytes.writeInt16BE(value, this.#at)
    return this
  }

  int32(value: number): this {
    this.#claim(4)
    this.#at = this.#bytes.writeInt32BE(value, this.#at)
    return this
  }

  int64(value: bigint): this {
    this.#claim(8)
    this.#at = this.#bytes.writeBigInt64BE(value, this.#at)
    return this
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1)
    const bytes = Buffer.byteLength(value)
    return this.int16(bytes).text(value, bytes)
  }

  /** Bytes behind an int32 length. */
  bytes(value: Buffer): this {
    return this.int32(value.length).#copy(value)
  }

  array<Item>(items: readonly Item[], write: (item: Item) => void): this {
    this.int32(items.length)
    for (const item of items) write(item)
    return this
  }

  /** Zigzag of a 32-bit number. */
  varint(value: number): this {
    this.#claim(5)
    let rest = ((value << 1) ^ (value >> 31)) >>> 0
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#bytes[this.#at++] = rest
    return this
  }

  /** Bytes behind a varint length; -1 for `null`. */
  varintBytes(value: Buffer | null): this {
    return value === null ? this.varint(-1) : this.varint(value.length).#copy(value)
  }

  /** Text alone. @param bytes that it takes in UTF-8 */
  text(value: string, bytes: number): this {
    this.#claim(bytes)
    this.#at += this.#bytes.write(value, this.#at)
    return this
  }

  #copy(value: Buffer): this {
    this.#claim(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
    return this
  }

  #claim(length: number): void {
    const needed = this.#at + length
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
  }
}

/** Bytes that `varint` takes. */
export const varintSize = (value: number): number => {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x20_0000 ? 3 : zigzag < 0x1000_0000 ? 4 : 5
}
