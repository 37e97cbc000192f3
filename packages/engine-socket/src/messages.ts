import type { InvocationId, SessionId } from '@cordon/foundation'

/** A request's number: chosen by the enforcement point, unique among its open requests of one connection. */
export type RequestNumber = number

/** May this call be forwarded? Answered by `AuthorizeReply`. */
export interface AuthorizeRequest {
  readonly type: 'authorize'
  readonly request: RequestNumber
  /** The agent's session token, as it came. */
  readonly token: string
  /** The tool server that the call goes to. */
  readonly server: string
  /** The tool's own name, without the server. Resource reads and prompts are calls of `resources:read`, `prompts:get`. */
  readonly tool: string
  /** The arguments as parsed JSON; none where they were left out. */
  readonly arguments: Readonly<Record<string, unknown>>
  /** Set where the arguments are too large to be sent: the bytes that the frame would have had. Such a call is refused. */
  readonly leftOutBytes?: number
}

export interface AuthorizeReply {
  readonly type: 'authorize'
  readonly request: RequestNumber
  readonly verdict: 'forward' | 'hold' | 'deny'
  /** Present for every call that was recorded; to be named in the outcome. */
  readonly invocationId?: InvocationId
  /** Present once the token was verified. */
  readonly sessionId?: SessionId
  /** Why not, where the verdict is not `forward`. */
  readonly refusal?: Refusal
}

/** A refusal as the caller may see it. */
export interface Refusal {
  readonly reason: RefusalReason
  /** For a person to read: what is wrong and what would help; no secret. */
  readonly message: string
}

export type RefusalReason =
  | 'TOKEN_MISSING'
  | 'TOKEN_INVALID'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_AUDIENCE'
  | 'SESSION_UNKNOWN'
  | 'SESSION_STALE'
  | 'SESSION_ENDED'
  | 'SESSION_SUSPENDED'
  | 'SESSION_READ_ONLY'
  | 'STEP_UP_REQUIRED'
  | 'TOOL_UNKNOWN'
  | 'TOOL_NOT_GRANTED'
  | 'ARGUMENTS_INVALID'
  | 'GATE_REFUSED'
  | 'RATE_LIMITED'
  | 'GATE_TIMEOUT'
  | 'RECORDING_FAILED'
  | 'BUNDLE_MISSING'
  | 'ENGINE_UNAVAILABLE'

/** May this session talk to this server at all (listing tools, opening a stream)? Answered by `AdmitReply`. */
export interface AdmitRequest {
  readonly type: 'admit'
  readonly request: RequestNumber
  readonly token: string
  readonly server: string
}

export interface AdmitReply {
  readonly type: 'admit'
  readonly request: RequestNumber
  readonly admitted: boolean
  readonly sessionId?: SessionId
  readonly refusal?: Refusal
}

/** How a forwarded call ended; not answered. */
export interface OutcomeReport {
  readonly type: 'outcome'
  readonly invocationId: InvocationId
  readonly outcome: 'ok' | 'error' | 'cancelled' | 'timeout'
  /** Bytes of the result as it was forwarded. */
  readonly resultBytes: number
  /** SHA-256 of it, hexadecimal. */
  readonly resultDigest: string
  /** Entities in the result, normalised; the engine turns them into fingerprints. */
  readonly entities: readonly ExtractedEntity[]
  readonly entitiesOverflow: boolean
}

export interface ExtractedEntity {
  readonly kind: 'other' | 'email' | 'url' | 'host' | 'account' | 'path' | 'identifier'
  readonly value: string
}

export type EngineRequest = AuthorizeRequest | AdmitRequest | OutcomeReport
export type EngineReply = AuthorizeReply | AdmitReply
