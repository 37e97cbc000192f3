import type { RequestId } from '../core/json-rpc.ts'

/** A stream is resumed right after it broke; what was answered long before is not asked for again. */
const maxResponses = 32
/** Of all kept responses together. */
const maxCharacters = 4 * 1024 * 1024

/** The last responses that were passed on. */
export interface Concluded {
  add(id: RequestId, text: string): void
  has(id: RequestId, text: string): boolean
}

/** Keeps texts, not digests: they are at hand, and comparing them costs nothing where nothing is resumed. */
export const createConcluded = (): Concluded => {
  const texts = new Map<RequestId, string>()
  let characters = 0

  const remove = (id: RequestId): void => {
    characters -= texts.get(id)?.length ?? 0
    texts.delete(id)
  }

  return {
    add(id, text) {
      remove(id)
      texts.set(id, text)
      characters += text.length
      for (const oldest of texts.keys()) {
        if (texts.size <= maxResponses && characters <= maxCharacters) break
        remove(oldest)
      }
    },
    has: (id, text) => texts.get(id) === text,
  }
}
