import type { StreamError } from '../stream-error.ts'
import type { MemoryAct } from './memory-step.ts'

/** What goes wrong with a request. */
export type MemoryFault =
  /** The connection breaks before it takes effect. */
  | { readonly kind: 'lost request' }
  /** It takes effect, and the connection breaks before the client hears of it. */
  | { readonly kind: 'lost answer' }
  /** The cluster refuses it, or the client gives up. */
  | { readonly kind: 'rejected'; readonly error: StreamError }

interface Planned {
  readonly where: Partial<MemoryAct>
  readonly fault: MemoryFault
  left: number
}

/** Faults that are to come. */
export class MemoryFaults {
  readonly #planned: Planned[] = []

  /** The next `times` requests that fit `where` meet the fault. */
  plan(where: Partial<MemoryAct>, fault: MemoryFault, times = 1): void {
    this.#planned.push({ where, fault, left: times })
  }

  clear(): void {
    this.#planned.length = 0
  }

  take(act: MemoryAct): MemoryFault | undefined {
    const planned = this.#planned.find(({ where, left }) => left > 0 && fits(where, act))
    if (planned === undefined) return undefined
    planned.left -= 1
    return planned.fault
  }
}

const fits = (where: Partial<MemoryAct>, act: MemoryAct): boolean =>
  (where.operation ?? act.operation) === act.operation &&
  (where.topic ?? act.topic) === act.topic &&
  (where.partition ?? act.partition) === act.partition
