import { readBounded } from '@cordon/foundation'
import type { KeySet } from '@cordon/tokens'
import { parseKeySet } from '@cordon/tokens'

export interface HttpKeySetOptions {
  readonly url: string
  /** An unknown key asks for a new set at most this often. */
  readonly minRefreshMs?: number
  /** A key that the issuer withdrew is trusted for at most this long. */
  readonly maxAgeMs?: number
  /** Where the issuer cannot be reached, the last keys go on being trusted for this long: they may have been withdrawn. */
  readonly maxStaleMs?: number
  readonly requestTimeoutMs?: number
  /** Between attempts while no set is held. */
  readonly retryMs?: number
  readonly onRefreshed: (keyIds: readonly string[]) => void
  /** @param isHeld whether an older set goes on being trusted */
  readonly onFault: (error: unknown, isHeld: boolean) => void
}

/** The issuer's keys, held here and fetched again when a token names one that is not among them. */
export interface HttpKeySet {
  /** Empty until the first fetch succeeded: then no token verifies. */
  current(): KeySet
  readonly isHeld: boolean
  /** A promise where a fetch may help, `undefined` where the last one is too recent. Never rejects. */
  refresh(): Promise<void> | undefined
  close(): void
}

const none: KeySet = new Map()

/** A hundred RSA keys. */
const maxBytes = 64 * 1024

const tooLong = (problem: string): Error => new Error(`key set: ${problem}`)

/** Returns at once and goes on trying until the first set is held. */
export const openHttpKeySet = ({
  url,
  minRefreshMs = 10_000,
  maxAgeMs = 300_000,
  maxStaleMs = 60 * 60_000,
  requestTimeoutMs = 2_000,
  retryMs = 500,
  onRefreshed,
  onFault,
}: HttpKeySetOptions): HttpKeySet => {
  let keys = none
  let lastAttempt = Number.NEGATIVE_INFINITY
  let fetchedAt = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const fetchKeys = async (): Promise<void> => {
    lastAttempt = performance.now()
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(requestTimeoutMs), redirect: 'error' })
      if (!response.ok) throw new Error(`key set: expected status 200, got ${response.status}`)
      keys = parseKeySet(JSON.parse(await readBounded(response.body, maxBytes, tooLong)))
      fetchedAt = performance.now()
      onRefreshed([...keys.keys()])
    } catch (error) {
      if (performance.now() - fetchedAt > maxStaleMs) keys = none
      onFault(error, keys !== none)
    }
    running = undefined
    schedule()
  }

  const schedule = (): void => {
    clearTimeout(timer)
    if (closed) return
    timer = setTimeout(() => void start(), keys === none ? retryMs : maxAgeMs)
    timer.unref()
  }

  const start = (): Promise<void> => {
    running ??= fetchKeys()
    return running
  }

  void start()

  return {
    current: () => keys,
    get isHeld() {
      return keys !== none
    },
    refresh() {
      if (running !== undefined) return running
      return performance.now() - lastAttempt < minRefreshMs ? undefined : start()
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}
