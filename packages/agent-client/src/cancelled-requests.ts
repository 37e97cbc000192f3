import { isJsonObject } from '@cordon/foundation'

/** Which requests their clients have cancelled. Those that are under way are left to the server, which is told of it as well. */
export interface CancelledRequests {
  /**
   * Of a message that is about to be sent: a `notifications/cancelled` cancels the open request that it names, any other is open until `done`.
   * @param message of a POST, parsed; a batch is no request here, since no proxy lets one through
   * @param client whose id of a request it is, where several clients send here
   */
  enter(message: unknown, client: string): OpenRequest
}

export interface OpenRequest {
  /** Aborts where its client cancels it. */
  readonly signal: AbortSignal
  /** It has its answer, or gets none: its id may be another one's. */
  done(): void
}

/** Clients of MCP up to 2025-11-25 end no fetch when a call of theirs is cancelled or takes too long; all they do is to say so. */
export const createCancelledRequests = (): CancelledRequests => {
  const open = new Map<string, Set<AbortController>>()

  const cancel = (key: string): void => {
    const named = open.get(key)
    // Of two clients whose ids are the same nobody knows which one it was.
    if (named?.size === 1) for (const request of named) request.abort()
  }

  return {
    enter: (message, client) => {
      const { id, method, params } = isJsonObject(message) ? message : {}
      const request = new AbortController()
      const keyOf = (named: unknown): string => JSON.stringify([client, named])
      if (method === 'notifications/cancelled' && isJsonObject(params)) cancel(keyOf(params['requestId']))
      if (typeof method !== 'string' || id === undefined) return { signal: request.signal, done: () => {} }
      const key = keyOf(id)
      const named = open.get(key) ?? new Set()
      open.set(key, named.add(request))
      return {
        signal: request.signal,
        done: () => {
          named.delete(request)
          if (named.size === 0) open.delete(key)
        },
      }
    },
  }
}
