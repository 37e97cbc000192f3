import { limits } from './limits.ts'

/** Origin of what the session brought along itself: the entity stood in an argument first. */
export const broughtAlong = 0

/**
 * Where each entity of a session appeared first: in an argument (then it came from the request) or in which result.
 * Entities are known by 32 bits of their keyed fingerprint. What a result brings once it is full goes to the session's `WordFilter`.
 */
export class EntityTrail {
  /** Something did not fit into a record, and is nowhere: from now on an entity that is not known may have come from a result. */
  overflowed = false
  /** Entities of results are in the filter. */
  spilled = false
  // Side by side and searched from the front: a map costs more to fill, each time that a session is read, than is ever gained.
  readonly #keys: number[] = []
  readonly #origins: number[] = []

  get size(): number {
    return this.#keys.length
  }

  /** `broughtAlong`, the number of a result, or undefined where the entity has not appeared. */
  originOf(fingerprint: number): number | undefined {
    const position = this.#keys.indexOf(fingerprint | 0)
    return position < 0 ? undefined : this.#origins[position]
  }

  /** Only for what has not appeared. @returns whether there was room */
  add(fingerprint: number, origin: number): boolean {
    if (this.size >= limits.entities) return false
    this.#keys.push(fingerprint | 0)
    this.#origins.push(origin)
    return true
  }

  /** @param position in the order of their appearance */
  keyAt(position: number): number {
    return this.#keys[position]!
  }

  originAt(position: number): number {
    return this.#origins[position]!
  }
}
