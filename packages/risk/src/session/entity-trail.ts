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

  /** Only for what has not appeared. */
  add(fingerprint: number, origin: number): void {
    if (this.size >= limits.entities) this.overflowed = true
    else {
      this.#keys.push(fingerprint | 0)
      this.#origins.push(origin)
    }
  }

  /** @param position in the order of their appearance */
  keyAt(position: number): number {
    return this.#keys[position]!
  }

  originAt(position: number): number {
    return this.#origins[position]!
  }
}
