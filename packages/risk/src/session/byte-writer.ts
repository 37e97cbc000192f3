const encoder = new TextEncoder()

/** Writes little-endian numbers and short texts into one buffer that is used again and again. */
export class ByteWriter {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  /** @param capacity bytes */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** Bytes that are left. */
  get room(): number {
    return this.#bytes.length - this.#at
  }

  u8(value: number): void {
    this.#view.setUint8(this.#at, value)
    this.#at += 1
  }

  u16(value: number): void {
    this.#view.setUint16(this.#at, value, true)
    this.#at += 2
  }

  u32(value: number): void {
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }

  i32(value: number): void {
    this.#view.setInt32(this.#at, value, true)
    this.#at += 4
  }

  f64(value: number): void {
    this.#view.setFloat64(this.#at, value, true)
    this.#at += 8
  }

  // By index: an iterator makes an object of each number.
  i32s(values: readonly number[]): void {
    for (let index = 0; index < values.length; index += 1) this.i32(values[index]!)
  }

  f64s(values: readonly number[]): void {
    for (let index = 0; index < values.length; index += 1) this.f64(values[index]!)
  }

  bytes(value: Uint8Array): void {
    this.#bytes.set(value, this.#at)
    this.#at += value.length
  }

  /** @param value at most 255 bytes */
  text(value: string): void {
    if (!this.#ascii(value)) this.#utf8(value)
  }

  /** @returns false where it is longer or has other characters: then nothing was written */
  #ascii(value: string): boolean {
    if (value.length > 255) return false
    const start = this.#at + 1
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index)
      if (code > 0x7f) return false
      this.#bytes[start + index] = code
    }
    this.u8(value.length)
    this.#at += value.length
    return true
  }

  #utf8(value: string): void {
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(this.#at + 1, this.#at + 256))
    this.u8(written)
    this.#at += written
  }

  /** A copy of what was written; the writer starts anew. */
  take(): Buffer {
    const taken = Buffer.allocUnsafe(this.#at)
    taken.set(this.#bytes.subarray(0, this.#at))
    this.#at = 0
    return taken
  }
}
