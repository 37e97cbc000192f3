import { rm } from 'node:fs/promises'

import type { SpoolRecord } from './frame.ts'
import { encodeFrame } from './frame.ts'
import { GroupSync } from './group-sync.ts'
import { headerBytes, readSegment } from './segment-file.ts'
import { SegmentSource } from './segment-source.ts'
import type { SegmentWriter } from './segment-writer.ts'
import type { SpoolFault, StoredSegment } from './spool-folder.ts'
import { findSegments } from './spool-folder.ts'

/** 4 MiB, some 6,000 records: holds the largest, and is made while the one before fills. */
const defaultSegmentBytes = 4 * 1024 * 1024

export interface SpoolOptions {
  readonly folder: string
  /** Of all segments together. */
  readonly maxBytes: number
  readonly segmentBytes?: number
  /** The least number of the next record. */
  readonly firstNumber: number
  readonly onFault: (fault: SpoolFault, detail: unknown) => void
}

/** Records that are kept, and their numbers. */
export interface KeptRecords {
  /** Number of the first of them. */
  readonly first: number
  readonly records: readonly SpoolRecord[]
  /** Where to read on. Above the last of them where the disk lost some. */
  readonly next: number
}

/**
 * Records of one engine on its disk, in order, each until it is released. What was appended outlives the process; what
 * `reachDisk` confirmed outlives the machine.
 */
export class Spool {
  /** Number of the first record that this process appends; those before it were found. */
  readonly begin: number
  readonly #options: SpoolOptions
  readonly #segmentBytes: number
  readonly #segments: StoredSegment[]
  readonly #source: SegmentSource
  readonly #sync = new GroupSync(() => this.#syncWriters())
  /** The last one is written to; those before it are full, and not yet on the disk. */
  #writers: readonly SegmentWriter[] = []
  #active: StoredSegment | undefined
  #records: number

  private constructor(options: SpoolOptions, segments: readonly StoredSegment[], source: SegmentSource) {
    this.#options = options
    this.#segmentBytes = options.segmentBytes ?? defaultSegmentBytes
    this.#segments = [...segments]
    this.#source = source
    this.#records = segments.reduce((sum, { unreleased }) => sum + unreleased, 0)
    this.begin = Math.max(options.firstNumber, segments.at(-1)?.next ?? 0)
  }

  /** Takes over what is in the folder, which has to be this process's own. Rejects with what the file system says. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const { segments, nextFile } = await findSegments(options.folder, options.onFault)
    const size = options.segmentBytes ?? defaultSegmentBytes
    const onFault = (error: unknown): void => options.onFault('write_failed', error)
    const source = new SegmentSource(options.folder, size, nextFile, onFault)
    await source.prepare()
    return new Spool(options, segments, source)
  }

  /** Records that are not released. */
  get records(): number {
    return this.#records
  }

  /** Of the segments that hold them. */
  get bytes(): number {
    return this.#segments.length * this.#segmentBytes
  }

  /** Number of the oldest record that is kept; the next one's where there is none. */
  get first(): number {
    return this.#segments[0]?.first ?? this.next
  }

  /** Number of the next record. */
  get next(): number {
    return this.#active?.next ?? this.begin
  }

  /** @returns the number of the first, the others follow; `undefined` where they do not fit, and then none is there */
  append(records: readonly SpoolRecord[]): number | undefined {
    const frames = records.map(encodeFrame)
    // One write: all of them are there or none.
    const bytes = frames.length === 1 ? frames[0]! : Buffer.concat(frames)
    try {
      const writer = this.#writerFor(bytes.length)
      if (writer === undefined) return undefined
      writer.append(bytes)
    } catch (error) {
      this.#options.onFault('write_failed', error)
      return undefined
    }
    const active = this.#active!
    const number = active.next
    active.next += records.length
    active.unreleased += records.length
    this.#records += records.length
    return number
  }

  /** Resolves, and never rejects, with whether the record is on the disk. */
  reachDisk(number: number): Promise<boolean> {
    return this.#sync.reach(number)
  }

  /** It is on record elsewhere. To be called once for each. */
  release(number: number): void {
    const segment = this.#segments.find(({ first, next }) => first <= number && number < next)
    if (segment === undefined) return
    segment.unreleased -= 1
    this.#records -= 1
    this.#removeWhereReleased(segment)
  }

  /** Kept records from a number on, as many as its segment holds. */
  async read(number: number): Promise<KeptRecords> {
    const segment = this.#segments.find(({ next }) => number < next)
    if (segment === undefined) return { first: this.next, records: [], next: this.next }
    const end = segment.next
    const first = Math.max(number, segment.first)
    const content = await readSegment(segment.path)
    const records = content?.records.slice(first - segment.first, end - segment.first) ?? []
    // The last record of the active segment may have been read while it was written: then it is read again.
    return { first, records, next: segment === this.#active ? first + records.length : end }
  }

  /** What is not released stays for the next run. */
  async close(): Promise<void> {
    await this.#source.close()
    for (const writer of this.#writers) writer.close()
    this.#writers = []
    const released = this.#segments.filter(({ unreleased }) => unreleased === 0)
    await Promise.all(released.map(({ path }) => rm(path, { force: true })))
  }

  #writerFor(bytes: number): SegmentWriter | undefined {
    const writer = this.#writers.at(-1)
    if (writer?.hasRoom(bytes) === true) return writer
    const isTooMuch = this.bytes + this.#segmentBytes > this.#options.maxBytes
    if (isTooMuch || headerBytes + bytes > this.#segmentBytes) return undefined
    const first = this.next
    const taken = this.#source.take(first)
    const full = this.#active
    this.#active = { path: taken.path, first, next: first, unreleased: 0 }
    this.#segments.push(this.#active)
    this.#writers = [...this.#writers, taken.writer]
    if (full !== undefined) {
      this.#removeWhereReleased(full)
      // Closes what is full.
      void this.#sync.reach(first - 1)
    }
    return taken.writer
  }

  async #syncWriters(): Promise<number> {
    const reached = this.next
    const writers = this.#writers
    try {
      await Promise.all(writers.map(writer => writer.sync()))
    } catch (error) {
      this.#options.onFault('sync_failed', error)
      throw error
    }
    const full = new Set(writers.slice(0, -1))
    for (const writer of full) writer.close()
    this.#writers = this.#writers.filter(writer => !full.has(writer))
    return reached
  }

  #removeWhereReleased(segment: StoredSegment): void {
    if (segment.unreleased > 0 || segment === this.#active) return
    this.#segments.splice(this.#segments.indexOf(segment), 1)
    // Found again by the next run, which knows that its records are out.
    void rm(segment.path, { force: true }).catch((error: unknown) =>
      this.#options.onFault('write_failed', error),
    )
  }
}
