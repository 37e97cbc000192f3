import avsc from 'avsc'

/** The reading position in a buffer, as avsc's types hand it to each other. */
interface Tap {
  readonly buf: Buffer
  pos: number
  readLong(): number
  skipLong(): void
}

interface ItemsType {
  _read(tap: Tap): unknown
  _skip(tap: Tap): void
}

/**
 * An array type that refuses a count that the bytes cannot hold. avsc believes the count: a record of ten bytes that
 * announces 2^40 items would keep the process busy for hours, and with it every session of the partition.
 */
export class BoundedArrayType extends avsc.types.ArrayType {
  // avsc also calls it on the resolver of an array, which has `itemsType` too and nothing else of this class.
  _read(tap: Tap): unknown[] {
    const itemsType = this.itemsType as unknown as ItemsType
    const items: unknown[] = []
    for (let count = readCount(tap); count > 0; count = readCount(tap)) {
      for (let read = 0; read < count; read += 1) items.push(itemsType._read(tap))
    }
    return items
  }

  _skip(tap: Tap): void {
    const itemsType = this.itemsType as unknown as ItemsType
    for (let count = readCount(tap); count > 0; count = readCount(tap)) {
      for (let skipped = 0; skipped < count; skipped += 1) itemsType._skip(tap)
    }
  }
}

const readCount = (tap: Tap): number => {
  let count = tap.readLong()
  if (count < 0) {
    count = -count
    // The size in bytes that follows a negative count.
    tap.skipLong()
  }
  // Every item of Cordon's arrays takes at least a byte.
  if (count > tap.buf.length - tap.pos) throw new RangeError('array longer than the bytes that are left')
  return count
}
