import { open, readFile, rename } from 'node:fs/promises'

import type { SpoolFault } from './spool-folder.ts'

/** What a crash leaves unnoted is looked up in the log, so this only bounds how much has to be read there. */
const writeIntervalMs = 1_000

/** How far a partition's records are acknowledged. */
interface Place {
  /** Of the last record, in the spool and in the log. */
  readonly number: number
  readonly offset: bigint
}

/** Says of each partition how far its records are acknowledged; they are so in their order. */
export class SpoolCursor {
  readonly #path: string
  readonly #places: Map<number, Place>
  readonly #timer: NodeJS.Timeout
  #isChanged = false
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, places: Map<number, Place>, onFault: Faults) {
    this.#path = path
    this.#places = places
    this.#timer = setInterval(
      () => void this.write().catch((error: unknown) => onFault('write_failed', error)),
      writeIntervalMs,
    )
    this.#timer.unref()
  }

  static async open(path: string, onFault: Faults): Promise<SpoolCursor> {
    return new SpoolCursor(path, await readPlaces(path, onFault), onFault)
  }

  /** Above the number of every record that was acknowledged. */
  get next(): number {
    return Math.max(-1, ...[...this.#places.values()].map(({ number }) => number)) + 1
  }

  covers(partition: number, number: number): boolean {
    return number <= (this.#places.get(partition)?.number ?? -1)
  }

  /** Behind the last acknowledged record; the start of the log where none is known. */
  offsetAfter(partition: number): bigint {
    return (this.#places.get(partition)?.offset ?? -1n) + 1n
  }

  acknowledged(partition: number, number: number, offset: bigint): void {
    this.#places.set(partition, { number, offset })
    this.#isChanged = true
  }

  /** A partition of which nothing is known yet: what stands in the log before `offset` is older than the spool. */
  startAt(partition: number, offset: bigint): void {
    if (!this.#places.has(partition)) this.acknowledged(partition, -1, offset - 1n)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.write()
  }

  async write(): Promise<void> {
    await this.#writing.catch(() => undefined)
    if (!this.#isChanged) return
    this.#isChanged = false
    this.#writing = writeWhole(this.#path, textOf(this.#places))
    await this.#writing
  }
}

type Faults = (fault: SpoolFault, detail: unknown) => void

const textOf = (places: ReadonlyMap<number, Place>): string =>
  JSON.stringify(
    [...places].map(([partition, { number, offset }]) => ({ partition, number, offset: String(offset) })),
  )

const readPlaces = async (path: string, onFault: Faults): Promise<Map<number, Place>> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '[]'
    throw error
  })
  try {
    const entries = JSON.parse(text) as { partition: number; number: number; offset: string }[]
    return new Map(
      entries.map(({ partition, number, offset }) => [partition, { number, offset: BigInt(offset) }]),
    )
  } catch (error) {
    onFault('corrupt', error)
    return new Map()
  }
}

/** Whole or not at all, after a crash of the machine too. */
const writeWhole = async (path: string, text: string): Promise<void> => {
  const draft = `${path}.draft`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}
