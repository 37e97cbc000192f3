import type { RequestId } from '../core/json-rpc.ts'

/** A stream is resumed right after it broke; what was answered long before is not asked for again. */
const maxResponses = 32
/** Of all kept responses together, as they came and as they were told. */
const maxCharacters = 8 * 1024 * 1024

/** The last responses that were passed on. */
export interface Concluded {
  /** @param told what of the text went to the agent */
  add(id: RequestId, text: string, told: string): void
  /** What went to the agent of this very response; `undefined` where it is another one. */
  told(id: RequestId, text: string): string | undefined
}

/** Keeps texts, not digests: they are at hand, and comparing them costs nothing where nothing is resumed. */
export const createConcluded = (): Concluded => {
  const texts = new Map<RequestId, { readonly text: string; readonly told: string }>()
  let characters = 0

  const remove = (id: RequestId): void => {
    const kept = texts.get(id)
    if (kept === undefined) return
    characters -= kept.text.length + kept.told.length
    texts.delete(id)
  }

  return {
    add(id, text, told) {
      remove(id)
      texts.set(id, { text, told })
      characters += text.length + told.length
      for (const oldest of texts.keys()) {
        if (texts.size <= maxResponses && characters <= maxCharacters) break
        remove(oldest)
      }
    },
    told(id, text) {
      const kept = texts.get(id)
      return kept?.text === text ? kept.told : undefined
    },
  }
}
