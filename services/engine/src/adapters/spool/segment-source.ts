import { rm } from 'node:fs/promises'

import { prepareSegment, SegmentWriter } from './segment-writer.ts'
import { segmentPath } from './spool-folder.ts'

/** New segments, one of them prepared ahead. */
export class SegmentSource {
  readonly #folder: string
  readonly #size: number
  #nextFile: number
  #prepared: string | undefined
  #preparing: Promise<void> = Promise.resolve()

  constructor(folder: string, size: number, nextFile: number) {
    this.#folder = folder
    this.#size = size
    this.#nextFile = nextFile
  }

  /** To be called once; from then on a segment that is taken is replaced. */
  prepare(): Promise<void> {
    const path = this.#newPath()
    this.#preparing = prepareSegment(path, this.#size).then(
      () => void (this.#prepared = path),
      // The disk is full, perhaps: who needs a segment then makes one, and is told.
      () => rm(path, { force: true }),
    )
    return this.#preparing
  }

  /** Throws what the file system throws. */
  take(first: number): { readonly path: string; readonly writer: SegmentWriter } {
    const prepared = this.#prepared
    if (prepared === undefined) {
      const path = this.#newPath()
      return { path, writer: SegmentWriter.make(path, first, this.#size) }
    }
    const writer = SegmentWriter.begin(prepared, first, this.#size)
    this.#prepared = undefined
    void this.prepare()
    return { path: prepared, writer }
  }

  async close(): Promise<void> {
    await this.#preparing
    if (this.#prepared !== undefined) await rm(this.#prepared, { force: true })
  }

  #newPath(): string {
    const path = segmentPath(this.#folder, this.#nextFile)
    this.#nextFile += 1
    return path
  }
}
