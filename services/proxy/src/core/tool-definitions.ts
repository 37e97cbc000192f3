import type { AuthorizeRequest } from '@cordon/engine-socket'
import { definitionDigest } from '@cordon/foundation'

import { isJsonObject } from './json-rpc.ts'
import type { JsonObject } from './json-rpc.ts'

/**
 * Which definitions of its tools a server listed to each session. What is shown is remembered: a tool that changes under its session
 * (a rug pull) is known by that, and what cannot be remembered, or is not what the catalogue pins, is not shown.
 */
export interface ToolDefinitions {
  /** @param sessionId `undefined` where no token says it @returns `undefined` where the tool was not listed to the session */
  find(sessionId: string | undefined, server: string, tool: string): ListedDefinition | undefined
  /** Remembers what a result of `tools/list` says. */
  screen(listing: Listing, result: unknown): Screened
}

export interface ListedDefinition {
  /** Digest of what was listed last, shown or not. */
  readonly digest: string
  /** The session was shown two. */
  readonly isChanged: boolean
}

/** As the engine is told with a call of that tool. */
export const listedFacts = (
  listed: ListedDefinition | undefined,
): Pick<AuthorizeRequest, 'definition' | 'definitionChanged'> => ({
  ...(listed !== undefined && { definition: listed.digest }),
  ...(listed?.isChanged === true && { definitionChanged: true }),
})

export interface Listing {
  readonly sessionId: string
  readonly server: string
  /** Tool → digest of the only definition that may be shown. */
  readonly pins: Readonly<Record<string, string>>
}

export interface Screened {
  /** What of the result may be shown; the result itself where that is all of it. */
  readonly result: unknown
  readonly withheld: readonly WithheldTool[]
  /** Names of the tools that were shown before with another definition. */
  readonly changed: readonly string[]
}

export interface WithheldTool {
  readonly name: string
  readonly cause: WithheldCause
  /** Of what was listed. */
  readonly digest?: string
}

export type WithheldCause = (typeof withheldCauses)[number]

/** Why tools are not shown: the values of a metric's label. */
export const withheldCauses = ['unpinned', 'unreadable', 'too_much'] as const

/** More tools than any server has. */
const maxTools = 1_000
/** Of all sessions and servers together, some 50 MB; what was listed longest ago is forgotten. */
const defaultMaxAllTools = 100_000
/** Of one answer: more than any model is shown. */
const maxCharacters = 1024 * 1024
/** No longer name can be called. */
const longestName = 256

interface Remembered {
  /** The first definition that the session was shown. */
  shown: string | undefined
  digest: string
  isChanged: boolean
}

export const createToolDefinitions = (maxAllTools: number = defaultMaxAllTools): ToolDefinitions => {
  const lists = new Map<string, Map<string, Remembered>>()
  let size = 0

  /** The list of a session and server, as the one that was in use last. */
  const listOf = (key: string): Map<string, Remembered> => {
    const list = lists.get(key) ?? new Map<string, Remembered>()
    lists.delete(key)
    lists.set(key, list)
    return list
  }

  const remember = (list: Map<string, Remembered>, name: string, digest: string): Remembered | undefined => {
    const before = list.get(name)
    if (before !== undefined) return before
    if (list.size >= maxTools) return undefined
    const remembered = { shown: undefined, digest, isChanged: false }
    list.set(name, remembered)
    size += 1
    return remembered
  }

  const forget = (): void => {
    for (const [key, list] of lists) {
      if (size <= maxAllTools) return
      lists.delete(key)
      size -= list.size
    }
  }

  return {
    find: (sessionId, server, tool) => lists.get(`${server}\n${sessionId}`)?.get(tool),
    screen({ sessionId, server, pins }, result) {
      const listed: unknown = isJsonObject(result) ? result['tools'] : undefined
      if (!isJsonObject(result) || !Array.isArray(listed)) return { result, withheld: [], changed: [] }
      const list = listOf(`${server}\n${sessionId}`)
      const withheld: WithheldTool[] = []
      const changed: string[] = []
      let room = maxCharacters

      const isShown = (tool: unknown): boolean => {
        // Nobody can call it, but a model would read what it says, and nobody would know whether that changed.
        if (!isJsonObject(tool) || !isName(tool['name'])) {
          withheld.push({ name: '', cause: 'unreadable' })
          return false
        }
        const { name } = tool
        const withhold = (cause: WithheldCause, digest?: string): false => {
          withheld.push({ name, cause, ...(digest !== undefined && { digest }) })
          return false
        }
        const text = JSON.stringify(tool)
        room -= text.length
        if (room < 0) return withhold('too_much')
        const digest = digestOf(text)
        if (digest === undefined) return withhold('unreadable')
        const known = remember(list, name, digest)
        if (known === undefined) return withhold('too_much')
        const isNew = known.digest !== digest
        known.digest = digest
        if (Object.hasOwn(pins, name) && pins[name] !== digest) return withhold('unpinned', digest)
        known.shown ??= digest
        if (known.shown === digest) return true
        known.isChanged = true
        if (isNew) changed.push(name)
        return true
      }

      const tools = (listed as readonly unknown[]).filter(isShown)
      forget()
      return { result: withheld.length === 0 ? result : { ...result, tools }, withheld, changed }
    },
  }
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longestName

// Read anew: numbers that were kept with all their digits are doubles to everybody who computes a pin.
const digestOf = (text: string): string | undefined => {
  try {
    return definitionDigest(JSON.parse(text) as JsonObject)
  } catch {
    // No canonical text: nobody could say whether it changed, so the tool is withheld.
    return undefined
  }
}
