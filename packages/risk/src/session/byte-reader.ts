const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads what `ByteWriter` wrote; throws a `RangeError` past the end. */
export class ByteReader {
  readonly #bytes: Buffer
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Bytes that were not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    this.#at += 1
    return this.#view.getUint8(this.#at - 1)
  }

  u16(): number {
    this.#at += 2
    return this.#view.getUint16(this.#at - 2, true)
  }

  u32(): number {
    this.#at += 4
    return this.#view.getUint32(this.#at - 4, true)
  }

  i32(): number {
    this.#at += 4
    return this.#view.getInt32(this.#at - 4, true)
  }

  f64(): number {
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8, true)
  }

  skip(bytes: number): void {
    if (bytes > this.left) throw new RangeError('bytes run past the end')
    this.#at += bytes
  }

  /** Not a copy. */
  bytes(count: number): Uint8Array {
    const start = this.#at
    this.skip(count)
    return this.#bytes.subarray(start, this.#at)
  }

  skipText(): void {
    this.skip(this.u8())
  }

  text(): string {
    const length = this.u8()
    if (length > this.left) throw new RangeError('text runs past the end')
    const start = this.#at
    this.#at += length
    // Nearly all are: it takes a third of the decoder's time, and no view.
    return this.#isAscii(start, this.#at)
      ? this.#bytes.toString('latin1', start, this.#at)
      : decoder.decode(this.#bytes.subarray(start, this.#at))
  }

  #isAscii(start: number, end: number): boolean {
    for (let at = start; at < end; at += 1) if (this.#bytes[at]! > 0x7f) return false
    return true
  }
}
