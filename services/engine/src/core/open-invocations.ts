import type { InvocationId, SessionId } from '@cordon/foundation'
import type { DownstreamCall } from '@cordon/tokens'

/** A forwarded call whose outcome is still to come. */
export interface OpenInvocation {
  readonly sessionId: SessionId
  /** `server/tool`. */
  readonly tool: string
  /** What its server was told; absent where the call was played. */
  readonly downstream?: Omit<DownstreamCall, 'id'>
}

/** Which session a reported outcome belongs to; bounded, the oldest go first. */
export interface OpenInvocations {
  readonly size: number
  add(invocationId: InvocationId, invocation: OpenInvocation): void
  find(invocationId: InvocationId): OpenInvocation | undefined
  /** Each outcome counts once: the second report of the same call finds nothing. */
  take(invocationId: InvocationId): OpenInvocation | undefined
}

/** @param limit enforcement points that die never report: their calls would stay for ever */
export const createOpenInvocations = (limit: number): OpenInvocations => {
  const open = new Map<InvocationId, OpenInvocation>()
  return {
    get size() {
      return open.size
    },
    add(invocationId, invocation) {
      open.set(invocationId, invocation)
      if (open.size <= limit) return
      const [oldest] = open.keys()
      if (oldest !== undefined) open.delete(oldest)
    },
    find: invocationId => open.get(invocationId),
    take(invocationId) {
      const invocation = open.get(invocationId)
      open.delete(invocationId)
      return invocation
    },
  }
}
