import { limits } from './limits.ts'

/** Origin of what the session brought along itself: the entity stood in an argument first. */
export const broughtAlong = 0

/**
 * Where each entity of a session appeared first: in an argument (then it came from the request) or in which result.
 * Entities are known by 32 bits of their keyed fingerprint. When it is full it says so instead of forgetting.
 */
export class EntityTrail {
  /** Something did not fit, here or in a record: from now on an entity that is not known may have come from a result. */
  overflowed = false
  readonly #origins = new Map<number, number>()

  get size(): number {
    return this.#origins.size
  }

  /** `broughtAlong`, the number of a result, or undefined where the entity has not appeared. */
  originOf(fingerprint: number): number | undefined {
    return this.#origins.get(fingerprint | 0)
  }

  /** Only for what has not appeared. */
  add(fingerprint: number, origin: number): void {
    if (this.#origins.size >= limits.entities) this.overflowed = true
    else this.#origins.set(fingerprint | 0, origin)
  }

  /** In the order of their appearance; makes no object of any. */
  forEach(visit: (origin: number, key: number) => void): void {
    this.#origins.forEach(visit)
  }
}
