import type { InvocationId, SessionId } from '@cordon/foundation'

import type { PlainTask } from './plain-task.ts'

/** A request's number: chosen by the enforcement point, unique among its open requests of one connection. */
export type RequestNumber = number

/** Of every question. */
interface Question {
  readonly request: RequestNumber
  /** Whoever asks understands an `EngineNotice`, on this connection from now on: engines of before pass over it, peers of before never say it. */
  readonly follows?: true
}

/** How a request came that has to be proved (RFC 9449 §4.3): what its proof is compared with. */
export interface ProvenRequest {
  /** The agent's session token, as it came. */
  readonly token: string
  /** The `DPoP` header, as it came; empty where none did. */
  readonly proof: string
  /** The HTTP method. */
  readonly htm: string
  /** Where agents reach the server, without query and fragment. */
  readonly htu: string
}

/** May this call be forwarded? Answered by `AuthorizeReply`. */
export interface AuthorizeRequest extends ProvenRequest, Question {
  readonly type: 'authorize'
  /** The tool server that the call goes to. */
  readonly server: string
  /** The tool's own name, without the server. Resource reads and prompts are calls of `resources:read`, `prompts:get`. */
  readonly tool: string
  /** The arguments as parsed JSON; none where they were left out. */
  readonly arguments: Readonly<Record<string, unknown>>
  /**
   * SHA-256 (RFC 8785, base64url) of what the call says beside name, arguments and `_meta`: `inputResponses`, `requestState`, `task`;
   * absent where that is nothing. Here and below the agent's proof is compared with it, and the tool server's token names it.
   */
  readonly restDigest?: string
  /** Set where the call says this alone beside: it is no data. Anything else that a digest comes of is taken for answers. */
  readonly task?: PlainTask
  /** Set where the arguments are too large to be sent: the bytes that the frame would have had. Such a call is refused. */
  readonly leftOutBytes?: number
  /**
   * Set where the call carries data beside its arguments: answers to what its server asked (MCP 2026-07-28), or much in what nobody judges. Its
   * bytes.
   */
  readonly answerBytes?: number
  /** Digest of the tool's definition (`definitionDigest`) as its server listed it last; absent where it was not listed. */
  readonly definition?: string
  /** Set where the session was shown another definition of the tool before. */
  readonly definitionChanged?: true
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
  /** What the next proof has to name (`DPoP-Nonce`); empty where the engine did not answer. */
  readonly nonce: string
  /** What goes to the tool server in place of the agent's token, once; present with the verdict `forward`. */
  readonly downstreamToken?: string
  /** Set where the engine did not count the proof's number, gave it back or was not asked: the agent may prove another call with it. */
  readonly uncounted?: true
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
  | 'PROOF_MISSING'
  | 'PROOF_INVALID'
  | 'PROOF_NONCE'
  | 'PROOF_REPLAYED'
  | 'REVOKED'
  | 'SESSION_UNKNOWN'
  | 'SESSION_STALE'
  | 'SESSION_ENDED'
  | 'SESSION_SUSPENDED'
  | 'SESSION_READ_ONLY'
  | 'STEP_UP_REQUIRED'
  | 'TOOL_UNKNOWN'
  | 'TOOL_NOT_GRANTED'
  | 'TOOL_DRIFTED'
  | 'TOOL_UNLISTED'
  | 'ARGUMENTS_INVALID'
  | 'GATE_REFUSED'
  | 'RATE_LIMITED'
  | 'GATE_TIMEOUT'
  | 'RECORDING_FAILED'
  | 'RECORD_UNWRITABLE'
  | 'BUNDLE_MISSING'
  | 'ENGINE_UNAVAILABLE'

/** May this session talk to this server at all (listing tools, opening a stream)? Answered by `AdmitReply`. */
export interface AdmitRequest extends ProvenRequest, Question {
  readonly type: 'admit'
  readonly server: string
  /** Of the message (JSON-RPC), `answer` for one that has none, or `GET` and `DELETE`; calls are authorised instead. */
  readonly method: string
  /** The same of its params without `_meta`, of an answer with the id that it answers; absent for `GET` and `DELETE`. */
  readonly contentDigest?: string
  /** Of the message and of the headers that go with it: what carries data counts by its size, and what is large carries data. */
  readonly bytes?: number
}

export interface AdmitReply {
  readonly type: 'admit'
  readonly request: RequestNumber
  readonly admitted: boolean
  readonly sessionId?: SessionId
  readonly refusal?: Refusal
  /** As in `AuthorizeReply`. */
  readonly nonce: string
  readonly downstreamToken?: string
  /** With `tools/list`: the digest of the only definition that the agent may be shown of a tool, by the tool's own name. */
  readonly pins?: Readonly<Record<string, string>>
}

/**
 * How does this session stand? Asked between its agent's requests, so nothing is proved and nothing of the agent may follow from
 * the answer. Answered by `VouchReply`.
 */
export interface VouchRequest extends Question {
  readonly type: 'vouch'
  readonly token: string
  readonly server: string
  /** What the enforcement point says to the server of its own accord, as in `AdmitRequest`: it gets a token for that. */
  readonly method?: string
  /**
   * Without a method: the open call that has to be sent once more, with the answers to what its server asked; checked again, it gets
   * another token where the agent proved those answers. With `tasks/cancel`: the open call that goes on as that task.
   */
  readonly invocationId?: InvocationId
  /** What that message says, as its digest is made of it; of a call what it says beside its arguments. */
  readonly content?: Readonly<Record<string, unknown>>
  /** Set where that is too large to be sent: its bytes. */
  readonly leftOutBytes?: number
  /** Of the tool of that call, as in `AuthorizeRequest`; absent: as it was when the call was let pass. */
  readonly definition?: string
  readonly definitionChanged?: true
  /** Where `content` has to be the agent's, and was said in the other generation of MCP. */
  readonly saidAs?: SaidAs
  /** Tools that calls of the session are under way of, by their own names: which of them the kill switch stops is told. */
  readonly underWay?: readonly string[]
  /** Tools that the session was not shown, since their definition is not the one that is pinned. */
  readonly withheld?: readonly string[]
}

/** How the agent proved what now is said otherwise: an answer, the answers of a call that is made again, or a subscription. */
export interface SaidAs {
  /** The answer, in the `inputResponses` of a call. */
  readonly inputResponse?: { readonly name: string; readonly requestState: string }
  /** The `inputResponses`, in answers with these ids. */
  readonly answerIds?: Readonly<Record<string, string | number>>
  /** The resource, in these params of `subscriptions/listen`. */
  readonly listening?: Readonly<Record<string, unknown>>
}

export interface VouchReply {
  readonly type: 'vouch'
  readonly request: RequestNumber
  readonly vouched: boolean
  readonly sessionId?: SessionId
  readonly refusal?: Refusal
  readonly nonce: string
  /**
   * Present where what was named may be said without the agent, or is what the agent proved. What only stops what the session began is
   * said for one that may do nothing any more, too, though nothing is vouched for then.
   */
  readonly downstreamToken?: string
  /** Those of `underWay` whose calls may not go on; 64 at most; absent where there are none, and from engines of before. */
  readonly stopped?: readonly StoppedTool[]
}

/** A tool that may not be called any more, and why. */
export interface StoppedTool {
  readonly tool: string
  readonly refusal: Refusal
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
  /** Words of its running text: `encodeWording` of @cordon/extraction, base64. */
  readonly wording: string
  /** By what the call was let pass, where another engine than this did that: it does not know the call, and goes by the token. */
  readonly call?: Pick<AuthorizeRequest, 'token' | 'server' | 'tool'>
}

export interface ExtractedEntity {
  readonly kind: 'other' | 'email' | 'url' | 'host' | 'account' | 'path' | 'identifier'
  readonly value: string
}

/**
 * Unasked, to peers that follow: a session may not go on as it did, or any of them. It says no more: how it stands is to be asked (`vouch`).
 * One may be lost where the peer does not read.
 */
export interface EngineNotice {
  readonly type: 'changed'
  /** Absent: any session, as the kill switch has it. */
  readonly sessionId?: SessionId
}

export type EngineRequest = AuthorizeRequest | AdmitRequest | VouchRequest | OutcomeReport
export type EngineReply = AuthorizeReply | AdmitReply | VouchReply
