import { nameKey } from '../hash.ts'

/** What stands before a session's first call. */
export const sessionStart = 1

/** What stands after its last. */
export const sessionEnd = 2

/** How a tool is written into a profile: readable where that is short and harmless, else its key. */
export const storedToolName = (name: string): string =>
  /^[A-Za-z0-9][\w.:/-]{0,63}$/.test(name) ? name : `#${nameKey(name)}`

/** Key of a tool as a profile names it. */
export const keyOfStoredTool = (stored: string): number =>
  stored.startsWith('#') ? Number(stored.slice(1)) : nameKey(stored)
