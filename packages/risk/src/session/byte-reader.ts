import { textOf } from './short-texts.ts'

/** What is read is copied here first: a view of its own for each state would cost more than the copy. */
const desk = new Uint8Array(8192)
const viewOfDesk = new DataView(desk.buffer)

/** Reads what `ByteWriter` wrote; throws a `RangeError` past the end. One at a time: what the last one read is gone. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #end: number
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#end = bytes.length
    if (bytes.length <= desk.length) {
      desk.set(bytes)
      this.#bytes = desk
      this.#view = viewOfDesk
    } else {
      this.#bytes = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
  }

  /** Bytes that were not read yet. */
  get left(): number {
    return this.#end - this.#at
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true)
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true)
  }

  skip(bytes: number): void {
    this.#take(bytes)
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
    const start = this.#take(length)
    return textOf(this.#bytes, start, start + length)
  }

  /** @returns where they begin */
  #take(bytes: number): number {
    const start = this.#at
    const end = start + bytes
    if (end > this.#end) throw new RangeError('bytes run past the end')
    this.#at = end
    return start
  }
}
