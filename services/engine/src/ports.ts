import type { ProvenRequest, RefusalReason } from '@cordon/engine-socket'
import type { CatalogueEntry, RateLimit } from '@cordon/policy'
import type { EntityKind, GateVerdict, RecordName, Records, Resource, SessionDecision } from '@cordon/schemas'
import type { Clock, InvocationId, SessionId } from '@cordon/foundation'
import type { BundleSource } from '@cordon/policy'
import type {
  DownstreamCall,
  NumberedProof,
  ProvenMessage,
  SessionToken,
  TokenVerification,
} from '@cordon/tokens'

/** Turns a token into the session that it stands for. A promise only where its key has to be fetched first. */
export interface SessionTokens {
  verify(token: string, server: string, now: number): TokenVerification | Promise<TokenVerification>
}

/** A decision as this engine holds it. */
export interface HeldDecision {
  readonly decision: SessionDecision
  /** When it arrived here. Milliseconds since the Unix epoch. */
  readonly receivedAt: number
}

/** What the scorers last said of each session. */
export interface SessionDecisions {
  find(sessionId: SessionId): HeldDecision | undefined
  /** The session's first decision, when it comes within the limit. */
  arrival(sessionId: SessionId, limitMs: number): Promise<HeldDecision | undefined>
  /** Milliseconds for which nothing shows that the partition's scorer lives and is heard; `Infinity` before the first beat. */
  staleness(partition: number): number
}

/** What a call touches and carries. */
export interface Extraction {
  /** Names are still in the clear. */
  resources(extractors: CatalogueEntry['resources'], args: CallArguments): readonly Resource[]
  /** What the extractors' arguments act on, as written, by its true name and by its parts; without extractors, all arguments. */
  targets(extractors: CatalogueEntry['resources'], args: CallArguments): ExtractedEntities
  /** What stands in the arguments, as written. */
  entities(args: CallArguments): ExtractedEntities
  fingerprint(kind: EntityKind, value: string): number
  /** Values are still in the clear. */
  parameters(args: CallArguments): readonly { readonly name: string; readonly value: string }[]
  parameterFingerprint(name: string, value: string): number
  /** Positions that a value's words have in the wording of a result. */
  valueWording(value: string): readonly number[]
  /**
   * The wording of a result for the log.
   * @param reported by an enforcement point
   * @param fingerprints of entities that the record has no place for
   */
  resultWording(reported: string, fingerprints: readonly number[]): Buffer
  argumentsShape(args: CallArguments): number
  /** SHA-256. */
  digest(text: string): Buffer
}

export type CallArguments = Readonly<Record<string, unknown>>

interface ExtractedEntities {
  readonly entities: readonly { readonly kind: EntityKind; readonly value: string }[]
  /** There were more than fit. */
  readonly overflow: boolean
}

type Named = { [Name in RecordName]: { readonly name: Name; readonly value: Records[Name] } }

/** A record of a call, for its session's log. */
export type SessionRecord = Named['InvocationAttempted' | 'InvocationCompleted' | 'InvocationDenied']

/** Whatever an engine writes into a session's log. */
export type LoggedRecord = SessionRecord | Named['StandingReplayed']

/** Where everything that a session does is written, in order. */
export interface SessionLog {
  /** Appends in the order of the calls. @returns at once why not, where none of them is on its way */
  append(sessionId: SessionId, records: readonly SessionRecord[], haste: Haste): Recording | NotRecorded
}

/**
 * Why records are on their way nowhere. `full`: there is no room for them now, or the disk fails. `unwritable`: no log could take them, now or
 * ever; that says nothing of the log, and whoever is on record by them may have brought it about.
 */
export type NotRecorded = 'full' | 'unwritable'

/**
 * When records go out, which take those before them along: at once, because their answer is waited for; after this turn, so that
 * the answer to the call goes first; or with the next ones that are in haste, a few milliseconds later at most.
 */
export type Haste = 'now' | 'soon' | 'later'

/** Records on their way into the log. */
export interface Recording {
  /**
   * Resolves, and never rejects, with whether they are on record for good: acknowledged by the log, or on this machine's
   * disk. To be called in the turn in which they were appended, and only where somebody waits for it.
   */
  onRecord(): Promise<boolean>
}

/** The scorer's answers to gated calls. */
export interface GateVerdicts {
  /** To be called before the attempt is published, or its answer may be missed. */
  expect(sessionId: SessionId, invocationId: InvocationId, limitMs: number): ExpectedVerdict
}

export interface ExpectedVerdict {
  /** `undefined` when the limit passed. */
  readonly arrived: Promise<GateVerdict | undefined>
  /** Nobody waits for it any more. */
  abandon(): void
}

/** Counts each session's attempts at this engine, so that the scorer sees one that is missing. */
export interface AttemptSequences {
  /** 0, 1, 2, … */
  next(sessionId: SessionId): number
}

/** How fast each session calls this engine. */
export interface SessionRates {
  /**
   * Whether the session may call now.
   * @param now milliseconds since the Unix epoch
   * @param calls for how many the call counts; for as many as there may be at once, where it is more
   */
  take(sessionId: SessionId, limit: RateLimit, now: number, calls: number): boolean
  /**
   * Whether one more outcome of a call that another engine let pass may be put on record. Its session's calls have nothing to do with it.
   * @param now milliseconds since the Unix epoch
   */
  takeOutcome(sessionId: SessionId, limit: RateLimit, now: number): boolean
  /**
   * Whether the session may say so much beside its calls, which it takes nothing from.
   * @param now milliseconds since the Unix epoch
   * @param messages for how many the message counts; for as many as there may be at once, where it is more
   */
  takeMessages(sessionId: SessionId, limit: RateLimit, now: number, messages: number): boolean
  /**
   * Whether one more refusal of the session may be put on record, of those that can be brought about without end. To be asked only where a
   * record is made of it: whatever is never on record would take the place of what should be.
   * @param now milliseconds since the Unix epoch
   */
  tellRefusal(sessionId: SessionId, source: RefusalSource, now: number): boolean
}

/**
 * Who brings a refusal about: `agent`, who has the session's key; `replayer`, who has a request of the agent's as it was sent; or `anybody` who
 * has its token.
 */
export type RefusalSource = 'agent' | 'replayer' | 'anybody'

/** Tells the holder of a session's key from somebody who only has its token. */
export interface CallProofs {
  /**
   * Takes the proof's number: a second look at the same proof finds it used.
   * @param message absent for a request without a body
   * @param now milliseconds since the Unix epoch
   */
  verify(shown: ShownProof, principal: SessionToken, now: number, message?: ProvenMessage): ProofResult
  /**
   * The call whose proof took this number is on no record, so the number is free again, for any other proof.
   * @returns whether it is; not where it is too far behind the session's latest, nor where another call took it meanwhile
   */
  giveBack(sessionId: SessionId, proven: NumberedProof): boolean
  /** What the next proof has to name. @param now milliseconds since the Unix epoch */
  nonce(now: number): string
}

/** A proof, and the token that it came with. */
export interface ShownProof extends ProvenRequest {
  /** SHA-256 of the token's text in base64url, where it is known already. */
  readonly tokenDigest?: string | undefined
}

export type ProofResult =
  | { readonly ok: true; readonly proven: NumberedProof }
  | {
      readonly ok: false
      readonly reason: Extract<RefusalReason, `PROOF_${string}` | 'ENGINE_UNAVAILABLE'>
    }

/** Who may not act any more, whatever its token says. */
export interface Revocations {
  /**
   * @param tool the tool's own name; empty where none is called
   * @returns a scope that stops it, as the token itself names it: who shows it may hear it
   */
  revokedBy(principal: SessionToken, tool: string): string | undefined
}

/** What a tool server gets in place of the agent's token, once. */
export interface DownstreamTokens {
  /** @param now milliseconds since the Unix epoch */
  issue(principal: SessionToken, call: DownstreamCall, now: number): string
}

/** Waiting, with an end. */
export interface Deadlines {
  /** `undefined` where the limit passes first. */
  within<Value>(promise: Promise<Value>, limitMs: number): Promise<Value | undefined>
}

/** Who calls, and what a tool server is told of it. */
export interface CallerPorts {
  readonly tokens: SessionTokens
  readonly proofs: CallProofs
  readonly revocations: Revocations
  readonly downstream: DownstreamTokens
}

/** Everything that the engine's checks reach beyond their arguments. */
export interface EnginePorts extends CallerPorts {
  readonly bundles: BundleSource
  readonly decisions: SessionDecisions
  readonly extraction: Extraction
  readonly sessionLog: SessionLog
  readonly sequences: AttemptSequences
  readonly rates: SessionRates
  readonly gateVerdicts: GateVerdicts
  readonly deadlines: Deadlines
  /** UUIDv7 of a new call, or of anything else that a tool server is told. @param now milliseconds since the Unix epoch */
  readonly newInvocationId: (now: number) => InvocationId
}

/** For checks of what may have changed while a call waited: of its arrival the facts tell. */
export interface CheckPorts extends EnginePorts {
  readonly clock: Clock
}
