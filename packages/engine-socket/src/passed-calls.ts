import type { InvocationId } from '@cordon/foundation'

import type { AuthorizeRequest, OutcomeReport } from './messages.ts'

/** Tokens are of at most 8 KiB where they let a call pass: 64 MiB at worst, and some 12 MB as they are. */
const maxCalls = 8_192

/**
 * By what each call was let pass whose outcome is still to be reported: an engine that took over from another learns from it whose the
 * outcome is. Bounded, the oldest go first.
 */
export interface PassedCalls {
  /** @param connection over which it was let pass */
  add(
    invocationId: InvocationId,
    call: Pick<AuthorizeRequest, 'token' | 'server' | 'tool'>,
    connection: number,
  ): void
  /**
   * Once for each call.
   * @param connection over which its outcome goes; absent where that may be another one by then
   * @returns `undefined` where the engine at its end let the call pass itself, or it is not known
   */
  take(invocationId: InvocationId, connection: number | undefined): OutcomeReport['call']
}

export const createPassedCalls = (limit: number = maxCalls): PassedCalls => {
  const calls = new Map<InvocationId, NonNullable<OutcomeReport['call']> & { readonly connection: number }>()
  return {
    add(invocationId, { token, server, tool }, connection) {
      calls.set(invocationId, { token, server, tool, connection })
      if (calls.size <= limit) return
      const [oldest] = calls.keys()
      if (oldest !== undefined) calls.delete(oldest)
    },
    take(invocationId, connection) {
      const known = calls.get(invocationId)
      calls.delete(invocationId)
      if (known === undefined || known.connection === connection) return undefined
      const { token, server, tool } = known
      return { token, server, tool }
    },
  }
}
