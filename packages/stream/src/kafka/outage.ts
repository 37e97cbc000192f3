import type { StreamLog } from './stream-log.ts'

export interface OutageOptions {
  readonly log: StreamLog
  /** Fields of every line. */
  readonly data: object
  readonly began: string
  readonly ended: string
}

// First contact with a broker and elections are over by then; what lasts longer is worth a line.
const quietMs = 2000

/** A time of faults in a row: one line when it has lasted, one when it is over. */
export class Outage {
  readonly #options: OutageOptions
  #since: number | undefined
  #told = false

  constructor(options: OutageOptions) {
    this.#options = options
  }

  fault(fault: string): void {
    this.#since ??= performance.now()
    if (this.#told || performance.now() - this.#since < quietMs) return
    this.#told = true
    const { log, data, began } = this.#options
    log.warn({ ...data, fault }, began)
  }

  over(): void {
    const since = this.#since
    if (since === undefined) return
    this.#since = undefined
    if (!this.#told) return
    this.#told = false
    const { log, data, ended } = this.#options
    log.info({ ...data, lastedMs: Math.round(performance.now() - since) }, ended)
  }
}
