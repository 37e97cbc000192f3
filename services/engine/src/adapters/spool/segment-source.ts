import { rm } from 'node:fs/promises'

import { prepareSegment, SegmentWriter } from './segment-writer.ts'
import { segmentPath } from './spool-folder.ts'

/** New segments, one of them prepared ahead. */
export class SegmentSource {
  readonly #folder: string
  readonly #size: number
  #nextFile: number
  #prepared: string | undefined
  #preparing: Promise<void> | undefined

  readonly #onFault: (error: unknown) => void

  /** @param onFault what was left of a segment that could not be made is still there */
  constructor(folder: string, size: number, nextFile: number, onFault: (error: unknown) => void) {
    this.#onFault = onFault
    this.#folder = folder
    this.#size = size
    this.#nextFile = nextFile
  }

  /** To be called once; from then on a segment that is taken is replaced. */
  prepare(): Promise<void> {
    this.#preparing ??= this.#prepareOne()
    return this.#preparing
  }

  /** Throws what the file system throws. */
  take(first: number): { readonly path: string; readonly writer: SegmentWriter } {
    const path = this.#prepared ?? this.#newPath()
    const writer =
      this.#prepared === undefined
        ? SegmentWriter.make(path, first, this.#size)
        : SegmentWriter.begin(path, first, this.#size)
    this.#prepared = undefined
    void this.prepare()
    return { path, writer }
  }

  async close(): Promise<void> {
    await this.#preparing
    if (this.#prepared !== undefined) await rm(this.#prepared, { force: true })
  }

  async #prepareOne(): Promise<void> {
    const path = this.#newPath()
    try {
      await prepareSegment(path, this.#size)
      this.#prepared = path
    } catch {
      // The disk is full, perhaps: who needs a segment then makes one, and is told.
      await rm(path, { force: true }).catch(this.#onFault)
    }
    this.#preparing = undefined
  }

  #newPath(): string {
    const path = segmentPath(this.#folder, this.#nextFile)
    this.#nextFile += 1
    return path
  }
}
