/** Messages of a server that nobody listens to yet: an agent opens its stream only after `initialize`. */
export interface Backlog {
  /** @returns how many older messages had to go for it */
  add(text: string): number
  /** Everything that waits, oldest first. */
  take(): readonly string[]
}

/** @param maxMessages @param maxCharacters bounds of what waits */
export const createBacklog = (maxMessages: number, maxCharacters: number): Backlog => {
  let texts: string[] = []
  let characters = 0
  return {
    add(text) {
      texts.push(text)
      characters += text.length
      let dropped = 0
      while (texts.length > maxMessages || characters > maxCharacters) {
        characters -= texts.shift()!.length
        dropped += 1
      }
      return dropped
    },
    take() {
      const taken = texts
      texts = []
      characters = 0
      return taken
    },
  }
}
