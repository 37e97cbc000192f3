const unitBytes = 64
/** Units of a chunk: 1 MiB. */
const chunkUnits = 16_384
/** Of what shares a chunk with others: 16 KiB. */
const mostUnits = 256
/** In front of each value: its length. */
const lengthBytes = 4

/**
 * Bytes by key, kept in few large buffers outside V8's heap. States are replaced with every event: as objects of their own each of
 * them would outlive the young generation, be copied by its collector twice, and be garbage of the old one then. Here a value that
 * takes as many units as the one before is written in its place, and the room of one that is gone is used again by others of its
 * size. Room is given back with the table.
 */
export class ByteTable {
  readonly #places = new Map<string, number>()
  readonly #chunks: Buffer[] = []
  /** By how many units: places that are free. */
  readonly #free: number[][] = []
  /** Numbers of chunks that held one large value. */
  readonly #gone: number[] = []
  /** The chunk that is being filled, and how far it is. */
  #open = -1
  #filled = chunkUnits

  get size(): number {
    return this.#places.size
  }

  has(key: string): boolean {
    return this.#places.has(key)
  }

  keys(): IterableIterator<string> {
    return this.#places.keys()
  }

  /** The bytes themselves, which change with the next `set` or `delete`; undefined where there are none. */
  lend(key: string): Buffer | undefined {
    const place = this.#places.get(key)
    if (place === undefined) return undefined
    const chunk = this.#chunkOf(place)
    const start = startOf(place)
    return chunk.subarray(start + lengthBytes, start + lengthBytes + lengthAt(chunk, start))
  }

  /** Keeps a copy. */
  set(key: string, value: Uint8Array): void {
    const units = unitsOf(value.length)
    let place = this.#places.get(key)
    if (place === undefined || this.#unitsAt(place) !== units) {
      if (place !== undefined) this.#release(place)
      place = this.#take(units)
      this.#places.set(key, place)
    }
    const chunk = this.#chunkOf(place)
    const start = startOf(place)
    chunk.writeUInt32LE(value.length, start)
    chunk.set(value, start + lengthBytes)
  }

  delete(key: string): void {
    const place = this.#places.get(key)
    if (place === undefined) return
    this.#places.delete(key)
    this.#release(place)
  }

  #take(units: number): number {
    if (units > mostUnits) return this.#addChunk(units) * chunkUnits
    const free = this.#free[units]?.pop()
    if (free !== undefined) return free
    if (this.#filled + units > chunkUnits) {
      if (this.#filled < chunkUnits) this.#freeOf(chunkUnits - this.#filled).push(this.#next)
      this.#open = this.#addChunk(chunkUnits)
      this.#filled = 0
    }
    const place = this.#next
    this.#filled += units
    return place
  }

  #release(place: number): void {
    const units = this.#unitsAt(place)
    if (units <= mostUnits) {
      this.#freeOf(units).push(place)
      return
    }
    const chunk = place / chunkUnits
    this.#chunks[chunk] = noBytes
    this.#gone.push(chunk)
  }

  #addChunk(units: number): number {
    const chunk = this.#gone.pop() ?? this.#chunks.length
    this.#chunks[chunk] = Buffer.allocUnsafeSlow(units * unitBytes)
    return chunk
  }

  get #next(): number {
    return this.#open * chunkUnits + this.#filled
  }

  #freeOf(units: number): number[] {
    return (this.#free[units] ??= [])
  }

  #chunkOf(place: number): Buffer {
    return this.#chunks[Math.floor(place / chunkUnits)]!
  }

  #unitsAt(place: number): number {
    return unitsOf(lengthAt(this.#chunkOf(place), startOf(place)))
  }
}

const noBytes = Buffer.alloc(0)

const startOf = (place: number): number => (place % chunkUnits) * unitBytes

const unitsOf = (length: number): number => Math.ceil((lengthBytes + length) / unitBytes)

const lengthAt = (chunk: Buffer, start: number): number => chunk.readUInt32LE(start)
