import type { InvocationId, SessionId } from '@cordon/foundation'
import type { DownstreamCall } from '@cordon/tokens'

/** A forwarded call whose outcome is still to come. */
export interface OpenInvocation {
  readonly sessionId: SessionId
  /** `server/tool`. */
  readonly tool: string
  /** What its server was told; absent where the call was played. */
  readonly downstream?: Omit<DownstreamCall, 'id'>
  /** The definition of the tool that it was made by, where its server had listed one. */
  readonly definition?: string
  /** `proved` of what agents had proved when it was opened: an answer from before answers nothing that was asked in it. */
  readonly openedAfter: number
  /** Absent until it is sent once more. */
  readonly repeated?: Repeated
}

/** What is on record of an invocation when its outcome is: of one that another engine let pass its repeats are not known. */
export type CompletedInvocation = Pick<OpenInvocation, 'sessionId' | 'tool' | 'repeated'>

/** How often a call was sent once more, with what its agent answered. */
export interface Repeated {
  readonly times: number
  /** Of what it said beside its arguments then, together. */
  readonly bytes: number
}

/** Which session a reported outcome belongs to; bounded, the oldest go first. */
export interface OpenInvocations {
  readonly size: number
  add(invocationId: InvocationId, invocation: OpenInvocation): void
  find(invocationId: InvocationId): OpenInvocation | undefined
  /** It goes to its server once more. @param bytes of what it says beside its arguments */
  repeat(invocationId: InvocationId, bytes: number): void
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
    repeat(invocationId, bytes) {
      const invocation = open.get(invocationId)
      if (invocation === undefined) return
      const { times, bytes: before } = invocation.repeated ?? { times: 0, bytes: 0 }
      open.set(invocationId, { ...invocation, repeated: { times: times + 1, bytes: before + bytes } })
    },
    take(invocationId) {
      const invocation = open.get(invocationId)
      open.delete(invocationId)
      return invocation
    },
  }
}
