import { open, type FileHandle } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { StringDecoder } from 'node:string_decoder'

import { CordonError, faultInWords } from '@cordon/foundation'
import { toolServerFailed } from '@cordon/proxy'

/** What a tool server did not do, as the proxy says it: no secret, nothing of what was called. */
export interface ServerFault {
  readonly server: string
  readonly kind: string
  readonly detail: string
}

export interface ServerFaultFeed {
  close(): Promise<void>
}

const chunkBytes = 65_536
/** Longer is no line of a fault. */
const maxLineCharacters = 65_536
/** Of one server one fault of a kind is said; an agent that tries on and on must not fill the terminal. */
const silentMs = 60_000

/**
 * Reads them out of the proxy's log, where they stand in full: its metrics do not name the server, and no other part knows of them.
 * @param onLost the log cannot be read any further
 * @throws CordonError `LOG_UNREADABLE`
 */
export const openServerFaultFeed = async (options: {
  readonly logFile: string
  readonly onFault: (fault: ServerFault) => void
  readonly onLost: (reason: string) => void
  readonly now: () => number
  readonly pollMs?: number
}): Promise<ServerFaultFeed> => {
  const { logFile, onFault, onLost, now, pollMs = 500 } = options
  const file = await open(logFile).catch((cause: unknown) => {
    const problem = `log of the proxy: expected a readable file, got ${faultInWords(cause)}`
    throw new CordonError('LOG_UNREADABLE', problem, { cause })
  })
  const closing = new AbortController()
  const saidAt = new Map<string, number>()
  const lines = new LineReader(file)

  const say = (fault: ServerFault): void => {
    const key = `${fault.server} ${fault.kind}`
    const before = saidAt.get(key)
    if (before !== undefined && now() - before < silentMs) return
    saidAt.set(key, now())
    onFault(fault)
  }
  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      for (const line of await lines.next()) {
        const fault = faultOf(line)
        if (fault !== undefined) say(fault)
      }
      await pause(pollMs, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }
  const followed = follow().catch((error: unknown) => onLost(faultInWords(error)))
  return {
    close: async () => {
      closing.abort()
      await followed
      await file.close()
    },
  }
}

/** What was written to a file since it was last asked, in whole lines. */
class LineReader {
  readonly #file: FileHandle
  readonly #decoder = new StringDecoder('utf8')
  readonly #chunk = Buffer.alloc(chunkBytes)
  #position = 0
  #rest = ''

  constructor(file: FileHandle) {
    this.#file = file
  }

  async next(): Promise<readonly string[]> {
    const { bytesRead } = await this.#file.read(this.#chunk, 0, chunkBytes, this.#position)
    this.#position += bytesRead
    const lines = (this.#rest + this.#decoder.write(this.#chunk.subarray(0, bytesRead))).split('\n')
    this.#rest = lines.pop() ?? ''
    // Cut short it is no JSON, and left out.
    if (this.#rest.length > maxLineCharacters) this.#rest = this.#rest.slice(0, 1)
    return lines
  }
}

const faultOf = (line: string): ServerFault | undefined => {
  // Almost no line of a log is one, and reading all of them as JSON would cost more.
  if (!line.includes(toolServerFailed)) return undefined
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { msg, server, kind, detail } = value as Readonly<Record<string, unknown>>
  if (msg !== toolServerFailed || typeof server !== 'string') return undefined
  return typeof kind === 'string' && typeof detail === 'string' ? { server, kind, detail } : undefined
}
