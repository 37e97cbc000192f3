// Generated from avro/*.avsc by `npm run generate -w @cordon/schemas`. Do not edit.

/** A version of the baseline of one subject. */
export interface BaselineVersion {
  /** `agent/<agentId>`, `role/<role>` or `all`. */
  readonly subject: string
  /** Counts from 1. */
  readonly version: number
}

/** The part of a score that one signal explains. */
export interface Contribution {
  /** Name of the signal. */
  readonly signal: string
  /** Its part of the evidence, natural-log units; the parts sum exactly to the evidence. */
  readonly nats: number
  /** What happened, in words an analyst can act on; no values of arguments or results. */
  readonly fact: string
}

/** Whether the definition of a tool is the one that was shown and approved: it changed since its session was first shown it; it is not the one that the catalogue pins. */
export type Drift = 'none' | 'changed' | 'unpinned'

/** What sort of value an entity is. */
export type EntityKind = 'other' | 'email' | 'url' | 'host' | 'account' | 'path' | 'identifier'

/** A value that can carry an instruction from a result into an argument, known by its fingerprint only. */
export interface Entity {
  /** What sort of value it is. */
  readonly kind: EntityKind
  /** First 52 bits of the HMAC-SHA-256 of the normalised value under the deployment's fingerprint key. */
  readonly fingerprint: number
  /** In an argument: whether that argument names what the call acts on (an argument of the catalogue entry's resources; every argument where the entry names none). The gate rule looks at targets only, other arguments weigh less. Always false in results. */
  readonly target: boolean
}

/** What was found of a session. */
export type Finding = 'unknown' | 'suspended' | 'misuse' | 'cleared'

/** How often sensitive calls of a tool carried something out of a result. */
export interface LessonOrigin {
  /** Hash of the tool. */
  readonly tool: number
  /** Hash of the tool and of what is counted, or of the tool, a kind of entity and the tool whose result it was in. */
  readonly key: number
  /** Calls, after the cap. */
  readonly count: number
}

/** A tool that followed another. */
export interface LessonPair {
  /** Empty: nothing came before. */
  readonly previous: string
  /** As it is stored. */
  readonly tool: string
  /** After the cap. */
  readonly count: number
}

/** A value that a parameter of a tool took. */
export interface LessonParameter {
  /** Hash of tool and parameter. */
  readonly slot: number
  /** Hash of these and the fingerprint of the value. */
  readonly value: number
  /** A sensitive call took it out of the running text of a result. */
  readonly fromText: boolean
}

/** A resource that a session touched. */
export interface LessonResource {
  /** What sort of resource. */
  readonly kind: ResourceKind
  /** Low 32 bits of the hash of kind and name. */
  readonly key: number
  /** After the cap. */
  readonly count: number
}

/** How far a lesson is: its session closed; it passed its quarantine and is for the subjects above the agent; it is to be taken back. */
export type LessonStage = 'unknown' | 'closed' | 'learned' | 'withdrawn'

/** A tool that a session used. */
export interface LessonTool {
  /** Name as it is stored; `#` and a hash where it is long or unusual. */
  readonly tool: string
  /** As the catalogue said. */
  readonly sensitivity: number
  /** Calls, after the cap. */
  readonly count: number
}

/** A tool that followed two others. */
export interface LessonTriple {
  /** Empty: nothing came before. */
  readonly beforeThat: string
  /** Empty: nothing came before. */
  readonly previous: string
  /** As it is stored. */
  readonly tool: string
  /** After the cap. */
  readonly count: number
}

/** What one session teaches, after the cap: no names but of tools, no values. */
export interface Lesson {
  /** Which tools. */
  readonly tools: readonly LessonTool[]
  /** In which order. */
  readonly after: readonly LessonPair[]
  /** In which order, two back. */
  readonly afterTwo: readonly LessonTriple[]
  /** Which resources. */
  readonly resources: readonly LessonResource[]
  /** Low 32 bits of fingerprints of entities in arguments. */
  readonly entities: readonly number[]
  /** The same, of entities in arguments or results. */
  readonly met: readonly number[]
  /** Which values. */
  readonly parameters: readonly LessonParameter[]
  /** Size classes of results. */
  readonly sizes: readonly number[]
  /** Outcomes known, after the cap. */
  readonly calls: number
  /** Errors among them. */
  readonly failures: number
  /** Sensitive calls whose origin was looked at, after the cap. */
  readonly sinks: number
  /** Among them: a target out of a result that nobody knew. */
  readonly foreign: number
  /** Among them: a known target out of a result. */
  readonly targets: number
  /** Among them: another argument out of a result. */
  readonly others: number
  /** What sensitive calls of each tool carried, and which ways foreign targets took. */
  readonly origins: readonly LessonOrigin[]
  /** Calls per second. */
  readonly rate: number
}

/** How a tool is enforced. */
export type Mode = 'enforce' | 'monitor' | 'gate'

/** How a forwarded invocation ended. */
export type Outcome = 'unknown' | 'ok' | 'error' | 'cancelled' | 'timeout'

/** One value that a call was given, known by its fingerprint only. */
export interface Parameter {
  /** Where it stands in the arguments: names joined by dots, `[]` for the items of a list; at most 64 characters. */
  readonly name: string
  /** First 52 bits of an HMAC-SHA-256 of name and value under the deployment's fingerprint key. */
  readonly value: number
  /** Positions that the value's first words have in the `wording` of a result that they stand in. */
  readonly wording: readonly number[]
}

/** What sort of thing a call touches. */
export type ResourceKind = 'other' | 'table' | 'path' | 'host' | 'recipient' | 'account'

/** A thing that a call touches. Tables, paths and hosts are named; recipients and accounts are pseudonyms. */
export interface Resource {
  /** What sort of thing it is. */
  readonly kind: ResourceKind
  /** Table, path or host in the clear; for recipients and accounts the hexadecimal fingerprint. */
  readonly name: string
}

/** What a security event says. */
export type SignalKind = 'other' | 'session_suspended' | 'standing_changed' | 'decision_forged' | 'decision_replayed' | 'call_unreported' | 'proof_replayed' | 'revocation_forged' | 'verdict_forged' | 'tool_drifted'

/** What a session may do now. */
export type Standing = 'unknown' | 'trusted' | 'verify' | 'read_only' | 'suspended' | 'ended'

/** What earlier sessions of one agent and one human leave behind. */
export interface Suspicion {
  /** 32-bit hash of the human. */
  readonly human: number
  /** Record time of the latest of these sessions. Milliseconds since the Unix epoch. */
  readonly at: number
  /** At that time. */
  readonly nats: number
}

/** What is done with one invocation. */
export type Verdict = 'deny' | 'hold' | 'forward'

/** Which version new sessions of a partition begin with. */
export interface ActiveBaseline {
  /** Empty: the count of all that came into force. */
  readonly subject: string
  /** Counts from 1. */
  readonly version: number
}

/** One version of the baseline of one subject; never changes. */
export interface AgentBaseline {
  /** `agent/<agentId>`, `role/<role>` or `all`. */
  readonly subject: string
  /** Counts from 1. */
  readonly version: number
  /** Record time. Milliseconds since the Unix epoch. */
  readonly publishedAt: number
  /** That taught it: how mature it is. */
  readonly sessions: number
  /** JSON with its own version (packages/risk). */
  readonly baseline: string
}

/** What a session that closed teaches, and how it went. */
export interface BaselineContribution {
  /** Whose baseline it concerns: `agent/<agentId>`, `role/<role>` or `all`. */
  readonly subject: string
  /** `<partition>.<uuid>`. */
  readonly sessionId: string
  /** The configured agent. */
  readonly agentId: string
  /** The human's role. */
  readonly role: string
  /** 32-bit hash of the human. */
  readonly human: number
  /** Record time of the end. Milliseconds since the Unix epoch. */
  readonly closedAt: number
  /** In which it closed. */
  readonly standing: Standing
  /** The worst that it ever had. */
  readonly worst: Standing
  /** Highest evidence, natural-log units. */
  readonly peak: number
  /** `recurring`, `new` or `untold`. */
  readonly work: string
  /** How far the lesson is. */
  readonly stage: LessonStage
  /** What it teaches. */
  readonly lesson: Lesson
}

/** The scorer of this partition is alive and this far. */
export interface Beat {
  /** Partition number. */
  readonly partition: number
  /** Next input offset to be read. */
  readonly position: number
  /** The owner's time. Milliseconds since the Unix epoch. */
  readonly beatAt: number
  /** Which key of the bundle signed. */
  readonly keyId: string
  /** Ed25519, of the other fields (packages/decisions). */
  readonly signature: Buffer
}

/** The start of an owner's writes on a partition; older owners are refused after it. */
export interface Claim {
  /** Member id. */
  readonly owner: string
  /** Generation of the group that assigned the partition. */
  readonly generation: number
  /** The owner's time. Milliseconds since the Unix epoch. */
  readonly claimedAt: number
}

/** A record that could not be processed. */
export interface DeadLetter {
  /** Unprefixed. */
  readonly topic: string
  /** Of the record. */
  readonly partition: number
  /** Of the record. */
  readonly offset: number
  /** Code and what was expected and got. */
  readonly reason: string
  /** Of the record. */
  readonly key: null | Buffer
  /** Of the record. */
  readonly value: null | Buffer
}

/** Answer to one gated invocation. */
export interface GateVerdict {
  /** Who waits. */
  readonly engineId: string
  /** `<partition>.<uuid>`. */
  readonly sessionId: string
  /** UUIDv7. */
  readonly invocationId: string
  /** Of the attempt. */
  readonly sequence: number
  /** What to do. */
  readonly verdict: Verdict
  /** Of the session, with this attempt judged. */
  readonly standing: Standing
  /** 0-100. */
  readonly score: number
  /** Natural-log units. */
  readonly evidence: number
  /** Why. */
  readonly contributions: readonly Contribution[]
  /** Offset of the attempt. */
  readonly version: number
  /** Record time of the attempt. Milliseconds since the Unix epoch. */
  readonly decidedAt: number
  /** Which key of the bundle signed. */
  readonly keyId: string
  /** Ed25519, of engineId, sessionId, invocationId and verdict (packages/decisions). */
  readonly signature: Buffer
}

/** A contribution that waits for its quarantine, for a review, or to be taken back. */
export interface HeldLesson {
  /** Whose baseline it concerns. */
  readonly subject: string
  /** A BaselineContribution as it came; empty where the session was suspended and has not closed. */
  readonly contribution: Buffer
  /** `quarantined`, `unresolved`, `suspended` or `learned`. */
  readonly stage: string
  /** When it is taken out: learned, counted, or forgotten. Milliseconds since the Unix epoch. */
  readonly dueAt: number
}

/** A tool call reached the engine and is about to be decided or forwarded. */
export interface InvocationAttempted {
  /** `<partition>.<uuid>`. */
  readonly sessionId: string
  /** UUIDv7. */
  readonly invocationId: string
  /** Counts the session's attempts at this engine, from 0. */
  readonly sequence: number
  /** The engine's time. Milliseconds since the Unix epoch. */
  readonly attemptedAt: number
  /** Who recorded it. */
  readonly engineId: string
  /** The tool server. */
  readonly server: string
  /** `server/tool`. */
  readonly tool: string
  /** How the tool is enforced. */
  readonly mode: Mode
  /** As the bundle's catalogue says. */
  readonly readOnly: boolean
  /** 0 harmless, 1 low, 2 high, 3 critical; from the catalogue. */
  readonly sensitivity: number
  /** What the call touches. */
  readonly resources: readonly Resource[]
  /** Entities in the arguments. */
  readonly entities: readonly Entity[]
  /** More entities than fit: counts as tainted. */
  readonly entitiesOverflow: boolean
  /** The first values that the arguments hold, in their order; long texts count by how they begin. */
  readonly parameters: readonly Parameter[]
  /** Size of the canonical arguments. */
  readonly argumentsBytes: number
  /** First 52 bits of SHA-256 over the sorted argument names and JSON types. */
  readonly argumentsShape: number
  /** SHA-256 of the canonical arguments (RFC 8785). */
  readonly argumentsDigest: Buffer
  /** `jti` of the session token. */
  readonly tokenId: string
  /** The bundle that the engine decided by. */
  readonly bundleVersion: number
  /** The call proof in compact form, as it was verified; null for a session that was played from a recording. */
  readonly proof: null | string
  /** Counts the session's guarded calls at the agent, over all its servers, from 0; null where there is no proof. */
  readonly proofSequence: null | number
  /** Of the tool's definition, as far as the enforcement point saw it listed. */
  readonly drift: Drift
}

/** A forwarded call came back, or will not. */
export interface InvocationCompleted {
  /** `<partition>.<uuid>`. */
  readonly sessionId: string
  /** UUIDv7. */
  readonly invocationId: string
  /** The engine's time. Milliseconds since the Unix epoch. */
  readonly completedAt: number
  /** `server/tool`. */
  readonly tool: string
  /** How it ended. */
  readonly outcome: Outcome
  /** Size of the result. */
  readonly resultBytes: number
  /** SHA-256 of the result as it was forwarded. */
  readonly resultDigest: Buffer
  /** Entities in the result. */
  readonly entities: readonly Entity[]
  /** More entities than fit. */
  readonly entitiesOverflow: boolean
  /** Of those that do not fit, some are nowhere; else `wording` has them: the 52 bits of a fingerprint are four positions. */
  readonly entitiesLost: boolean
  /** Which words of running text are in the result and follow each other: positions in a filter of 8192 bits, scattered under the deployment's fingerprint key. Each as 16 bits, little-endian; or 1024 bytes with a bit for every position, the lowest first. */
  readonly wording: Buffer
  /** How often the call went to its server once more, with what its agent had answered meanwhile. Zero where that is not known: of engines of before, and of a call that an engine which is gone let pass. */
  readonly repeats: number
  /** Size of what the call said beside its arguments in those repeats, together. */
  readonly repeatedBytes: number
}

/** The engine did not forward a call. */
export interface InvocationDenied {
  /** `<partition>.<uuid>`. */
  readonly sessionId: string
  /** UUIDv7. */
  readonly invocationId: string
  /** The engine's time. Milliseconds since the Unix epoch. */
  readonly deniedAt: number
  /** `server/tool`. */
  readonly tool: string
  /** `deny` or `hold`. */
  readonly verdict: Verdict
  /** Code of the check that refused. */
  readonly reason: string
  /** What the engine held the session to be. */
  readonly standing: Standing
  /** Of the proof that the call came with, where that proof held; null otherwise. */
  readonly proofSequence: null | number
}

/** What the profiler keeps of one subject. */
export interface LearningState {
  /** `agent/<agentId>`, `role/<role>` or `all`. */
  readonly subject: string
  /** JSON with its own version (packages/risk). */
  readonly state: string
}

/** An output that follows from a commit and is not yet confirmed. */
export interface OutboxEntry {
  /** Unprefixed topic name. */
  readonly topic: string
  /** Target partition. */
  readonly partition: number
  /** Record key. */
  readonly key: string
  /** Record value; null is a tombstone. */
  readonly value: null | Buffer
}

/** The input is processed up to here. */
export interface Position {
  /** Next input offset. */
  readonly offset: number
  /** Generation of the owner that committed. */
  readonly generation: number
}

/** Whether a scope may act at all. Only the statement counts; the rest is for keys and people. */
export interface Revocation {
  /** `<kind>:<id>`; kind is agent, human, platform, tool, session, grant or everything. */
  readonly scope: string
  /** Compact JWS of type `cordon-revocation+jwt`, signed by the identity service: `iss, scope, active, version, iat, by, reason`. */
  readonly statement: string
}

/** A security event for subscribers. */
export interface SecuritySignal {
  /** `<partition>.<uuid>`. */
  readonly sessionId: string
  /** `<sessionId>/<version>/<kind>`: derives from the decision, so a repetition is recognised. */
  readonly signalId: string
  /** What happened. */
  readonly kind: SignalKind
  /** Whose session; empty where the writer does not know it. */
  readonly human: string
  /** Which agent; empty where the writer does not know it. */
  readonly agentId: string
  /** After the event. */
  readonly standing: Standing
  /** 0-100. */
  readonly score: number
  /** Why. */
  readonly contributions: readonly Contribution[]
  /** Record time. Milliseconds since the Unix epoch. */
  readonly occurredAt: number
}

/** Sets a session's standing. */
export interface SessionDecision {
  /** `<partition>.<uuid>`. */
  readonly sessionId: string
  /** Offset of the input record that caused it: only goes up, the same in a recomputation. */
  readonly version: number
  /** What the session may do now. */
  readonly standing: Standing
  /** 0-100. */
  readonly score: number
  /** Natural-log units; sum of the contributions. */
  readonly evidence: number
  /** Why. */
  readonly contributions: readonly Contribution[]
  /** Record time of the cause. Milliseconds since the Unix epoch. */
  readonly decidedAt: number
  /** The invocation that caused it. */
  readonly causedBy: null | string
  /** The baseline it was computed from. */
  readonly baselineVersion: number
  /** The bundle it was computed from. */
  readonly bundleVersion: number
  /** Sessions that had taught the agent's baseline: 0 for an agent that nobody knows, -1 where it was not recorded. */
  readonly baselineSessions: number
  /** What the threshold of this standing rests on: `bundle`, sessions of the `role`, of every role (`pool`), or a `model` of how evidence is distributed. */
  readonly thresholdBasis: string
  /** Version of the decision at which this standing began; -1 before decisions were signed. */
  readonly standingVersion: number
  /** Which key of the bundle signed. */
  readonly keyId: string
  /** Ed25519, of session, standing and standingVersion (packages/decisions). */
  readonly signature: Buffer
}

/** No more calls; terminal. */
export interface SessionEnded {
  /** `<partition>.<uuid>`. */
  readonly sessionId: string
  /** Identity's time. Milliseconds since the Unix epoch. */
  readonly endedAt: number
  /** `closed`, `expired`, … */
  readonly reason: string
}

/** Something was found of a session that changes what it may teach, and how far its human’s next ones are trusted. */
export interface SessionFound {
  /** Whose baseline it concerns: `agent/<agentId>`, `role/<role>` or `all`. */
  readonly subject: string
  /** `<partition>.<uuid>`. */
  readonly sessionId: string
  /** The configured agent. */
  readonly agentId: string
  /** 32-bit hash of the human; null where only the contribution says it. */
  readonly human: null | number
  /** What. */
  readonly finding: Finding
  /** Record time. Milliseconds since the Unix epoch. */
  readonly foundAt: number
}

/** A session exists; the first record of its log. */
export interface SessionOpened {
  /** `<partition>.<uuid>`. */
  readonly sessionId: string
  /** Identity's time. Milliseconds since the Unix epoch. */
  readonly openedAt: number
  /** Who started the work: `sub` of the token. */
  readonly human: string
  /** The configured agent. */
  readonly agentId: string
  /** The orchestrator that launched the agent. */
  readonly platform: string
  /** The human's role that the agent acts in. */
  readonly role: string
  /** The conversation that the session belongs to. */
  readonly conversationId: null | string
  /** The entities in what the human asked for; null where it was not declared. */
  readonly intent: null | readonly Entity[]
  /** Which words are in what the human asked for and follow each other, as positions like those of the `wording` of a result; 510 at most. */
  readonly intentWording: Buffer
  /** The bundle that identity decided by. */
  readonly bundleVersion: number
  /** Who runs the agent; null where a human uses tools directly. */
  readonly deployer: null | string
  /** SHA-256 of the registered manifest, hexadecimal; null where a human uses tools directly. */
  readonly manifestHash: null | string
  /** RFC 7638 thumbprint of the key that the session's tokens are bound to. */
  readonly holder: null | string
  /** The human's own session at the identity provider. */
  readonly humanSession: null | string
  /** The session whose agent started this one. */
  readonly parentSessionId: null | string
  /** The piece of work that the session belongs to: one for a session and all below it. */
  readonly transactionId: null | string
}

/** What an operator found of a session, after it was flagged or after it ended. */
export interface SessionReviewed {
  /** `<partition>.<uuid>`. */
  readonly sessionId: string
  /** The configured agent. */
  readonly agentId: string
  /** `misuse`, or `cleared`: it was in order after all. */
  readonly finding: Finding
  /** Who says so. */
  readonly operator: string
  /** The operator's time. Milliseconds since the Unix epoch. */
  readonly reviewedAt: number
}

/** A session's scoring state, as the kernel encodes it. */
export interface SessionState {
  /** Whose session it is; signals name it. */
  readonly human: string
  /** Version of the encoding. */
  readonly encoding: number
  /** The kernel's bytes. */
  readonly state: Buffer
  /** Version of the decision at which the standing began; -1 where it is to be signed anew. */
  readonly standingVersion: number
  /** Which key signed that standing. */
  readonly keyId: string
  /** Of that standing; repeated in every decision that does not change it. */
  readonly signature: Buffer
  /** What the session would teach, as the kernel encodes it. */
  readonly draft: Buffer
}

/** Somebody wrote an older standing of a session into `session-decisions` behind a newer one, and nothing newer stands behind it. */
export interface StandingReplayed {
  /** `<partition>.<uuid>`. */
  readonly sessionId: string
  /** Of the standing that was written again. */
  readonly standingVersion: number
  /** Who saw it. */
  readonly engineId: string
  /** The engine's time. Milliseconds since the Unix epoch. */
  readonly seenAt: number
}

/** Whose earlier sessions the profiler holds against the next ones of an agent. */
export interface SuspicionState {
  /** `agent/<agentId>`. */
  readonly subject: string
  /** What is known. */
  readonly held: readonly Suspicion[]
  /** What the latest version of the baseline says. */
  readonly told: readonly Suspicion[]
  /** The two differ so much that new sessions have to hear of it at once. */
  readonly isUrgent: boolean
}

/** Time passes in the log even when nothing happens. */
export interface Tick {
  /** The partition it was written to. */
  readonly partition: number
  /** The owner's time. Milliseconds since the Unix epoch. */
  readonly tickedAt: number
  /** Versions that sessions opened from here on begin with. */
  readonly baselines: readonly BaselineVersion[]
}

/** Every record by its name. */
export interface Records {
  readonly ActiveBaseline: ActiveBaseline
  readonly AgentBaseline: AgentBaseline
  readonly BaselineContribution: BaselineContribution
  readonly Beat: Beat
  readonly Claim: Claim
  readonly DeadLetter: DeadLetter
  readonly GateVerdict: GateVerdict
  readonly HeldLesson: HeldLesson
  readonly InvocationAttempted: InvocationAttempted
  readonly InvocationCompleted: InvocationCompleted
  readonly InvocationDenied: InvocationDenied
  readonly LearningState: LearningState
  readonly OutboxEntry: OutboxEntry
  readonly Position: Position
  readonly Revocation: Revocation
  readonly SecuritySignal: SecuritySignal
  readonly SessionDecision: SessionDecision
  readonly SessionEnded: SessionEnded
  readonly SessionFound: SessionFound
  readonly SessionOpened: SessionOpened
  readonly SessionReviewed: SessionReviewed
  readonly SessionState: SessionState
  readonly StandingReplayed: StandingReplayed
  readonly SuspicionState: SuspicionState
  readonly Tick: Tick
}

/** The name of a record. */
export type RecordName = keyof Records

/** Each record's schema as one self-contained Avro document. */
export const recordSchemas: Readonly<Record<RecordName, string>> = {
  ActiveBaseline: "{\"type\":\"record\",\"name\":\"ActiveBaseline\",\"namespace\":\"cordon\",\"doc\":\"Which version new sessions of a partition begin with.\",\"fields\":[{\"name\":\"subject\",\"type\":\"string\",\"doc\":\"Empty: the count of all that came into force.\"},{\"name\":\"version\",\"type\":\"long\",\"doc\":\"Counts from 1.\"}]}",
  AgentBaseline: "{\"type\":\"record\",\"name\":\"AgentBaseline\",\"namespace\":\"cordon\",\"doc\":\"One version of the baseline of one subject; never changes.\",\"fields\":[{\"name\":\"subject\",\"type\":\"string\",\"doc\":\"`agent/<agentId>`, `role/<role>` or `all`.\"},{\"name\":\"version\",\"type\":\"long\",\"doc\":\"Counts from 1.\"},{\"name\":\"publishedAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"Record time.\"},{\"name\":\"sessions\",\"type\":\"int\",\"doc\":\"That taught it: how mature it is.\"},{\"name\":\"baseline\",\"type\":\"string\",\"doc\":\"JSON with its own version (packages/risk).\"}]}",
  BaselineContribution: "{\"type\":\"record\",\"name\":\"BaselineContribution\",\"namespace\":\"cordon\",\"doc\":\"What a session that closed teaches, and how it went.\",\"fields\":[{\"name\":\"subject\",\"type\":\"string\",\"doc\":\"Whose baseline it concerns: `agent/<agentId>`, `role/<role>` or `all`.\"},{\"name\":\"sessionId\",\"type\":\"string\",\"doc\":\"`<partition>.<uuid>`.\"},{\"name\":\"agentId\",\"type\":\"string\",\"doc\":\"The configured agent.\"},{\"name\":\"role\",\"type\":\"string\",\"doc\":\"The human's role.\"},{\"name\":\"human\",\"type\":\"int\",\"doc\":\"32-bit hash of the human.\"},{\"name\":\"closedAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"Record time of the end.\"},{\"name\":\"standing\",\"type\":{\"type\":\"enum\",\"name\":\"Standing\",\"namespace\":\"cordon\",\"doc\":\"What a session may do now.\",\"symbols\":[\"unknown\",\"trusted\",\"verify\",\"read_only\",\"suspended\",\"ended\"],\"default\":\"unknown\"},\"doc\":\"In which it closed.\"},{\"name\":\"worst\",\"type\":\"cordon.Standing\",\"doc\":\"The worst that it ever had.\"},{\"name\":\"peak\",\"type\":\"double\",\"doc\":\"Highest evidence, natural-log units.\"},{\"name\":\"work\",\"type\":\"string\",\"doc\":\"`recurring`, `new` or `untold`.\"},{\"name\":\"stage\",\"type\":{\"type\":\"enum\",\"name\":\"LessonStage\",\"namespace\":\"cordon\",\"doc\":\"How far a lesson is: its session closed; it passed its quarantine and is for the subjects above the agent; it is to be taken back.\",\"symbols\":[\"unknown\",\"closed\",\"learned\",\"withdrawn\"],\"default\":\"unknown\"},\"doc\":\"How far the lesson is.\"},{\"name\":\"lesson\",\"type\":{\"type\":\"record\",\"name\":\"Lesson\",\"namespace\":\"cordon\",\"doc\":\"What one session teaches, after the cap: no names but of tools, no values.\",\"fields\":[{\"name\":\"tools\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"LessonTool\",\"namespace\":\"cordon\",\"doc\":\"A tool that a session used.\",\"fields\":[{\"name\":\"tool\",\"type\":\"string\",\"doc\":\"Name as it is stored; `#` and a hash where it is long or unusual.\"},{\"name\":\"sensitivity\",\"type\":\"int\",\"doc\":\"As the catalogue said.\"},{\"name\":\"count\",\"type\":\"int\",\"doc\":\"Calls, after the cap.\"}]}},\"doc\":\"Which tools.\"},{\"name\":\"after\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"LessonPair\",\"namespace\":\"cordon\",\"doc\":\"A tool that followed another.\",\"fields\":[{\"name\":\"previous\",\"type\":\"string\",\"doc\":\"Empty: nothing came before.\"},{\"name\":\"tool\",\"type\":\"string\",\"doc\":\"As it is stored.\"},{\"name\":\"count\",\"type\":\"int\",\"doc\":\"After the cap.\"}]}},\"doc\":\"In which order.\"},{\"name\":\"afterTwo\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"LessonTriple\",\"namespace\":\"cordon\",\"doc\":\"A tool that followed two others.\",\"fields\":[{\"name\":\"beforeThat\",\"type\":\"string\",\"doc\":\"Empty: nothing came before.\"},{\"name\":\"previous\",\"type\":\"string\",\"doc\":\"Empty: nothing came before.\"},{\"name\":\"tool\",\"type\":\"string\",\"doc\":\"As it is stored.\"},{\"name\":\"count\",\"type\":\"int\",\"doc\":\"After the cap.\"}]}},\"doc\":\"In which order, two back.\"},{\"name\":\"resources\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"LessonResource\",\"namespace\":\"cordon\",\"doc\":\"A resource that a session touched.\",\"fields\":[{\"name\":\"kind\",\"type\":{\"type\":\"enum\",\"name\":\"ResourceKind\",\"namespace\":\"cordon\",\"doc\":\"What sort of thing a call touches.\",\"symbols\":[\"other\",\"table\",\"path\",\"host\",\"recipient\",\"account\"],\"default\":\"other\"},\"doc\":\"What sort of resource.\"},{\"name\":\"key\",\"type\":\"int\",\"doc\":\"Low 32 bits of the hash of kind and name.\"},{\"name\":\"count\",\"type\":\"int\",\"doc\":\"After the cap.\"}]}},\"doc\":\"Which resources.\"},{\"name\":\"entities\",\"type\":{\"type\":\"array\",\"items\":\"int\"},\"doc\":\"Low 32 bits of fingerprints of entities in arguments.\"},{\"name\":\"met\",\"type\":{\"type\":\"array\",\"items\":\"int\"},\"doc\":\"The same, of entities in arguments or results.\"},{\"name\":\"parameters\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"LessonParameter\",\"namespace\":\"cordon\",\"doc\":\"A value that a parameter of a tool took.\",\"fields\":[{\"name\":\"slot\",\"type\":\"int\",\"doc\":\"Hash of tool and parameter.\"},{\"name\":\"value\",\"type\":\"int\",\"doc\":\"Hash of these and the fingerprint of the value.\"},{\"name\":\"fromText\",\"type\":\"boolean\",\"doc\":\"A sensitive call took it out of the running text of a result.\",\"default\":false}]}},\"doc\":\"Which values.\"},{\"name\":\"sizes\",\"type\":{\"type\":\"array\",\"items\":\"int\"},\"doc\":\"Size classes of results.\"},{\"name\":\"calls\",\"type\":\"int\",\"doc\":\"Outcomes known, after the cap.\"},{\"name\":\"failures\",\"type\":\"int\",\"doc\":\"Errors among them.\"},{\"name\":\"sinks\",\"type\":\"int\",\"doc\":\"Sensitive calls whose origin was looked at, after the cap.\"},{\"name\":\"foreign\",\"type\":\"int\",\"doc\":\"Among them: a target out of a result that nobody knew.\"},{\"name\":\"targets\",\"type\":\"int\",\"doc\":\"Among them: a known target out of a result.\"},{\"name\":\"others\",\"type\":\"int\",\"doc\":\"Among them: another argument out of a result.\"},{\"name\":\"origins\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"LessonOrigin\",\"namespace\":\"cordon\",\"doc\":\"How often sensitive calls of a tool carried something out of a result.\",\"fields\":[{\"name\":\"tool\",\"type\":\"int\",\"doc\":\"Hash of the tool.\"},{\"name\":\"key\",\"type\":\"int\",\"doc\":\"Hash of the tool and of what is counted, or of the tool, a kind of entity and the tool whose result it was in.\"},{\"name\":\"count\",\"type\":\"int\",\"doc\":\"Calls, after the cap.\"}]}},\"doc\":\"What sensitive calls of each tool carried, and which ways foreign targets took.\",\"default\":[]},{\"name\":\"rate\",\"type\":\"double\",\"doc\":\"Calls per second.\"}]},\"doc\":\"What it teaches.\"}]}",
  Beat: "{\"type\":\"record\",\"name\":\"Beat\",\"namespace\":\"cordon\",\"doc\":\"The scorer of this partition is alive and this far.\",\"fields\":[{\"name\":\"partition\",\"type\":\"int\",\"doc\":\"Partition number.\"},{\"name\":\"position\",\"type\":\"long\",\"doc\":\"Next input offset to be read.\"},{\"name\":\"beatAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"The owner's time.\"},{\"name\":\"keyId\",\"type\":\"string\",\"doc\":\"Which key of the bundle signed.\",\"default\":\"\"},{\"name\":\"signature\",\"type\":\"bytes\",\"doc\":\"Ed25519, of the other fields (packages/decisions).\",\"default\":\"\"}]}",
  Claim: "{\"type\":\"record\",\"name\":\"Claim\",\"namespace\":\"cordon\",\"doc\":\"The start of an owner's writes on a partition; older owners are refused after it.\",\"fields\":[{\"name\":\"owner\",\"type\":\"string\",\"doc\":\"Member id.\"},{\"name\":\"generation\",\"type\":\"int\",\"doc\":\"Generation of the group that assigned the partition.\"},{\"name\":\"claimedAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"The owner's time.\"}]}",
  DeadLetter: "{\"type\":\"record\",\"name\":\"DeadLetter\",\"namespace\":\"cordon\",\"doc\":\"A record that could not be processed.\",\"fields\":[{\"name\":\"topic\",\"type\":\"string\",\"doc\":\"Unprefixed.\"},{\"name\":\"partition\",\"type\":\"int\",\"doc\":\"Of the record.\"},{\"name\":\"offset\",\"type\":\"long\",\"doc\":\"Of the record.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"Code and what was expected and got.\"},{\"name\":\"key\",\"type\":[\"null\",\"bytes\"],\"doc\":\"Of the record.\"},{\"name\":\"value\",\"type\":[\"null\",\"bytes\"],\"doc\":\"Of the record.\"}]}",
  GateVerdict: "{\"type\":\"record\",\"name\":\"GateVerdict\",\"namespace\":\"cordon\",\"doc\":\"Answer to one gated invocation.\",\"fields\":[{\"name\":\"engineId\",\"type\":\"string\",\"doc\":\"Who waits.\"},{\"name\":\"sessionId\",\"type\":\"string\",\"doc\":\"`<partition>.<uuid>`.\"},{\"name\":\"invocationId\",\"type\":\"string\",\"doc\":\"UUIDv7.\"},{\"name\":\"sequence\",\"type\":\"long\",\"doc\":\"Of the attempt.\"},{\"name\":\"verdict\",\"type\":{\"type\":\"enum\",\"name\":\"Verdict\",\"namespace\":\"cordon\",\"doc\":\"What is done with one invocation.\",\"symbols\":[\"deny\",\"hold\",\"forward\"],\"default\":\"deny\"},\"doc\":\"What to do.\"},{\"name\":\"standing\",\"type\":{\"type\":\"enum\",\"name\":\"Standing\",\"namespace\":\"cordon\",\"doc\":\"What a session may do now.\",\"symbols\":[\"unknown\",\"trusted\",\"verify\",\"read_only\",\"suspended\",\"ended\"],\"default\":\"unknown\"},\"doc\":\"Of the session, with this attempt judged.\"},{\"name\":\"score\",\"type\":\"double\",\"doc\":\"0-100.\"},{\"name\":\"evidence\",\"type\":\"double\",\"doc\":\"Natural-log units.\"},{\"name\":\"contributions\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Contribution\",\"namespace\":\"cordon\",\"doc\":\"The part of a score that one signal explains.\",\"fields\":[{\"name\":\"signal\",\"type\":\"string\",\"doc\":\"Name of the signal.\"},{\"name\":\"nats\",\"type\":\"double\",\"doc\":\"Its part of the evidence, natural-log units; the parts sum exactly to the evidence.\"},{\"name\":\"fact\",\"type\":\"string\",\"doc\":\"What happened, in words an analyst can act on; no values of arguments or results.\"}]}},\"doc\":\"Why.\"},{\"name\":\"version\",\"type\":\"long\",\"doc\":\"Offset of the attempt.\"},{\"name\":\"decidedAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"Record time of the attempt.\"},{\"name\":\"keyId\",\"type\":\"string\",\"doc\":\"Which key of the bundle signed.\",\"default\":\"\"},{\"name\":\"signature\",\"type\":\"bytes\",\"doc\":\"Ed25519, of engineId, sessionId, invocationId and verdict (packages/decisions).\",\"default\":\"\"}]}",
  HeldLesson: "{\"type\":\"record\",\"name\":\"HeldLesson\",\"namespace\":\"cordon\",\"doc\":\"A contribution that waits for its quarantine, for a review, or to be taken back.\",\"fields\":[{\"name\":\"subject\",\"type\":\"string\",\"doc\":\"Whose baseline it concerns.\"},{\"name\":\"contribution\",\"type\":\"bytes\",\"doc\":\"A BaselineContribution as it came; empty where the session was suspended and has not closed.\"},{\"name\":\"stage\",\"type\":\"string\",\"doc\":\"`quarantined`, `unresolved`, `suspended` or `learned`.\"},{\"name\":\"dueAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"When it is taken out: learned, counted, or forgotten.\"}]}",
  InvocationAttempted: "{\"type\":\"record\",\"name\":\"InvocationAttempted\",\"namespace\":\"cordon\",\"doc\":\"A tool call reached the engine and is about to be decided or forwarded.\",\"fields\":[{\"name\":\"sessionId\",\"type\":\"string\",\"doc\":\"`<partition>.<uuid>`.\"},{\"name\":\"invocationId\",\"type\":\"string\",\"doc\":\"UUIDv7.\"},{\"name\":\"sequence\",\"type\":\"long\",\"doc\":\"Counts the session's attempts at this engine, from 0.\"},{\"name\":\"attemptedAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"The engine's time.\"},{\"name\":\"engineId\",\"type\":\"string\",\"doc\":\"Who recorded it.\"},{\"name\":\"server\",\"type\":\"string\",\"doc\":\"The tool server.\"},{\"name\":\"tool\",\"type\":\"string\",\"doc\":\"`server/tool`.\"},{\"name\":\"mode\",\"type\":{\"type\":\"enum\",\"name\":\"Mode\",\"namespace\":\"cordon\",\"doc\":\"How a tool is enforced.\",\"symbols\":[\"enforce\",\"monitor\",\"gate\"],\"default\":\"enforce\"},\"doc\":\"How the tool is enforced.\"},{\"name\":\"readOnly\",\"type\":\"boolean\",\"doc\":\"As the bundle's catalogue says.\"},{\"name\":\"sensitivity\",\"type\":\"int\",\"doc\":\"0 harmless, 1 low, 2 high, 3 critical; from the catalogue.\"},{\"name\":\"resources\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Resource\",\"namespace\":\"cordon\",\"doc\":\"A thing that a call touches. Tables, paths and hosts are named; recipients and accounts are pseudonyms.\",\"fields\":[{\"name\":\"kind\",\"type\":{\"type\":\"enum\",\"name\":\"ResourceKind\",\"namespace\":\"cordon\",\"doc\":\"What sort of thing a call touches.\",\"symbols\":[\"other\",\"table\",\"path\",\"host\",\"recipient\",\"account\"],\"default\":\"other\"},\"doc\":\"What sort of thing it is.\"},{\"name\":\"name\",\"type\":\"string\",\"doc\":\"Table, path or host in the clear; for recipients and accounts the hexadecimal fingerprint.\"}]}},\"doc\":\"What the call touches.\"},{\"name\":\"entities\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Entity\",\"namespace\":\"cordon\",\"doc\":\"A value that can carry an instruction from a result into an argument, known by its fingerprint only.\",\"fields\":[{\"name\":\"kind\",\"type\":{\"type\":\"enum\",\"name\":\"EntityKind\",\"namespace\":\"cordon\",\"doc\":\"What sort of value an entity is.\",\"symbols\":[\"other\",\"email\",\"url\",\"host\",\"account\",\"path\",\"identifier\"],\"default\":\"other\"},\"doc\":\"What sort of value it is.\"},{\"name\":\"fingerprint\",\"type\":\"long\",\"doc\":\"First 52 bits of the HMAC-SHA-256 of the normalised value under the deployment's fingerprint key.\"},{\"name\":\"target\",\"type\":\"boolean\",\"doc\":\"In an argument: whether that argument names what the call acts on (an argument of the catalogue entry's resources; every argument where the entry names none). The gate rule looks at targets only, other arguments weigh less. Always false in results.\"}]}},\"doc\":\"Entities in the arguments.\"},{\"name\":\"entitiesOverflow\",\"type\":\"boolean\",\"doc\":\"More entities than fit: counts as tainted.\"},{\"name\":\"parameters\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Parameter\",\"namespace\":\"cordon\",\"doc\":\"One value that a call was given, known by its fingerprint only.\",\"fields\":[{\"name\":\"name\",\"type\":\"string\",\"doc\":\"Where it stands in the arguments: names joined by dots, `[]` for the items of a list; at most 64 characters.\"},{\"name\":\"value\",\"type\":\"long\",\"doc\":\"First 52 bits of an HMAC-SHA-256 of name and value under the deployment's fingerprint key.\"},{\"name\":\"wording\",\"type\":{\"type\":\"array\",\"items\":\"int\"},\"doc\":\"Positions that the value's first words have in the `wording` of a result that they stand in.\",\"default\":[]}]}},\"doc\":\"The first values that the arguments hold, in their order; long texts count by how they begin.\",\"default\":[]},{\"name\":\"argumentsBytes\",\"type\":\"int\",\"doc\":\"Size of the canonical arguments.\"},{\"name\":\"argumentsShape\",\"type\":\"long\",\"doc\":\"First 52 bits of SHA-256 over the sorted argument names and JSON types.\"},{\"name\":\"argumentsDigest\",\"type\":\"bytes\",\"doc\":\"SHA-256 of the canonical arguments (RFC 8785).\"},{\"name\":\"tokenId\",\"type\":\"string\",\"doc\":\"`jti` of the session token.\"},{\"name\":\"bundleVersion\",\"type\":\"long\",\"doc\":\"The bundle that the engine decided by.\"},{\"name\":\"proof\",\"type\":[\"null\",\"string\"],\"doc\":\"The call proof in compact form, as it was verified; null for a session that was played from a recording.\",\"default\":null},{\"name\":\"proofSequence\",\"type\":[\"null\",\"long\"],\"doc\":\"Counts the session's guarded calls at the agent, over all its servers, from 0; null where there is no proof.\",\"default\":null},{\"name\":\"drift\",\"type\":{\"type\":\"enum\",\"name\":\"Drift\",\"namespace\":\"cordon\",\"doc\":\"Whether the definition of a tool is the one that was shown and approved: it changed since its session was first shown it; it is not the one that the catalogue pins.\",\"symbols\":[\"none\",\"changed\",\"unpinned\"],\"default\":\"none\"},\"doc\":\"Of the tool's definition, as far as the enforcement point saw it listed.\",\"default\":\"none\"}]}",
  InvocationCompleted: "{\"type\":\"record\",\"name\":\"InvocationCompleted\",\"namespace\":\"cordon\",\"doc\":\"A forwarded call came back, or will not.\",\"fields\":[{\"name\":\"sessionId\",\"type\":\"string\",\"doc\":\"`<partition>.<uuid>`.\"},{\"name\":\"invocationId\",\"type\":\"string\",\"doc\":\"UUIDv7.\"},{\"name\":\"completedAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"The engine's time.\"},{\"name\":\"tool\",\"type\":\"string\",\"doc\":\"`server/tool`.\"},{\"name\":\"outcome\",\"type\":{\"type\":\"enum\",\"name\":\"Outcome\",\"namespace\":\"cordon\",\"doc\":\"How a forwarded invocation ended.\",\"symbols\":[\"unknown\",\"ok\",\"error\",\"cancelled\",\"timeout\"],\"default\":\"unknown\"},\"doc\":\"How it ended.\"},{\"name\":\"resultBytes\",\"type\":\"int\",\"doc\":\"Size of the result.\"},{\"name\":\"resultDigest\",\"type\":\"bytes\",\"doc\":\"SHA-256 of the result as it was forwarded.\"},{\"name\":\"entities\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Entity\",\"namespace\":\"cordon\",\"doc\":\"A value that can carry an instruction from a result into an argument, known by its fingerprint only.\",\"fields\":[{\"name\":\"kind\",\"type\":{\"type\":\"enum\",\"name\":\"EntityKind\",\"namespace\":\"cordon\",\"doc\":\"What sort of value an entity is.\",\"symbols\":[\"other\",\"email\",\"url\",\"host\",\"account\",\"path\",\"identifier\"],\"default\":\"other\"},\"doc\":\"What sort of value it is.\"},{\"name\":\"fingerprint\",\"type\":\"long\",\"doc\":\"First 52 bits of the HMAC-SHA-256 of the normalised value under the deployment's fingerprint key.\"},{\"name\":\"target\",\"type\":\"boolean\",\"doc\":\"In an argument: whether that argument names what the call acts on (an argument of the catalogue entry's resources; every argument where the entry names none). The gate rule looks at targets only, other arguments weigh less. Always false in results.\"}]}},\"doc\":\"Entities in the result.\"},{\"name\":\"entitiesOverflow\",\"type\":\"boolean\",\"doc\":\"More entities than fit.\"},{\"name\":\"entitiesLost\",\"type\":\"boolean\",\"doc\":\"Of those that do not fit, some are nowhere; else `wording` has them: the 52 bits of a fingerprint are four positions.\",\"default\":true},{\"name\":\"wording\",\"type\":\"bytes\",\"doc\":\"Which words of running text are in the result and follow each other: positions in a filter of 8192 bits, scattered under the deployment's fingerprint key. Each as 16 bits, little-endian; or 1024 bytes with a bit for every position, the lowest first.\",\"default\":\"\"},{\"name\":\"repeats\",\"type\":\"int\",\"doc\":\"How often the call went to its server once more, with what its agent had answered meanwhile. Zero where that is not known: of engines of before, and of a call that an engine which is gone let pass.\",\"default\":0},{\"name\":\"repeatedBytes\",\"type\":\"int\",\"doc\":\"Size of what the call said beside its arguments in those repeats, together.\",\"default\":0}]}",
  InvocationDenied: "{\"type\":\"record\",\"name\":\"InvocationDenied\",\"namespace\":\"cordon\",\"doc\":\"The engine did not forward a call.\",\"fields\":[{\"name\":\"sessionId\",\"type\":\"string\",\"doc\":\"`<partition>.<uuid>`.\"},{\"name\":\"invocationId\",\"type\":\"string\",\"doc\":\"UUIDv7.\"},{\"name\":\"deniedAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"The engine's time.\"},{\"name\":\"tool\",\"type\":\"string\",\"doc\":\"`server/tool`.\"},{\"name\":\"verdict\",\"type\":{\"type\":\"enum\",\"name\":\"Verdict\",\"namespace\":\"cordon\",\"doc\":\"What is done with one invocation.\",\"symbols\":[\"deny\",\"hold\",\"forward\"],\"default\":\"deny\"},\"doc\":\"`deny` or `hold`.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"Code of the check that refused.\"},{\"name\":\"standing\",\"type\":{\"type\":\"enum\",\"name\":\"Standing\",\"namespace\":\"cordon\",\"doc\":\"What a session may do now.\",\"symbols\":[\"unknown\",\"trusted\",\"verify\",\"read_only\",\"suspended\",\"ended\"],\"default\":\"unknown\"},\"doc\":\"What the engine held the session to be.\"},{\"name\":\"proofSequence\",\"type\":[\"null\",\"long\"],\"doc\":\"Of the proof that the call came with, where that proof held; null otherwise.\",\"default\":null}]}",
  LearningState: "{\"type\":\"record\",\"name\":\"LearningState\",\"namespace\":\"cordon\",\"doc\":\"What the profiler keeps of one subject.\",\"fields\":[{\"name\":\"subject\",\"type\":\"string\",\"doc\":\"`agent/<agentId>`, `role/<role>` or `all`.\"},{\"name\":\"state\",\"type\":\"string\",\"doc\":\"JSON with its own version (packages/risk).\"}]}",
  OutboxEntry: "{\"type\":\"record\",\"name\":\"OutboxEntry\",\"namespace\":\"cordon\",\"doc\":\"An output that follows from a commit and is not yet confirmed.\",\"fields\":[{\"name\":\"topic\",\"type\":\"string\",\"doc\":\"Unprefixed topic name.\"},{\"name\":\"partition\",\"type\":\"int\",\"doc\":\"Target partition.\"},{\"name\":\"key\",\"type\":\"string\",\"doc\":\"Record key.\"},{\"name\":\"value\",\"type\":[\"null\",\"bytes\"],\"doc\":\"Record value; null is a tombstone.\"}]}",
  Position: "{\"type\":\"record\",\"name\":\"Position\",\"namespace\":\"cordon\",\"doc\":\"The input is processed up to here.\",\"fields\":[{\"name\":\"offset\",\"type\":\"long\",\"doc\":\"Next input offset.\"},{\"name\":\"generation\",\"type\":\"int\",\"doc\":\"Generation of the owner that committed.\"}]}",
  Revocation: "{\"type\":\"record\",\"name\":\"Revocation\",\"namespace\":\"cordon\",\"doc\":\"Whether a scope may act at all. Only the statement counts; the rest is for keys and people.\",\"fields\":[{\"name\":\"scope\",\"type\":\"string\",\"doc\":\"`<kind>:<id>`; kind is agent, human, platform, tool, session, grant or everything.\"},{\"name\":\"statement\",\"type\":\"string\",\"doc\":\"Compact JWS of type `cordon-revocation+jwt`, signed by the identity service: `iss, scope, active, version, iat, by, reason`.\"}]}",
  SecuritySignal: "{\"type\":\"record\",\"name\":\"SecuritySignal\",\"namespace\":\"cordon\",\"doc\":\"A security event for subscribers.\",\"fields\":[{\"name\":\"sessionId\",\"type\":\"string\",\"doc\":\"`<partition>.<uuid>`.\"},{\"name\":\"signalId\",\"type\":\"string\",\"doc\":\"`<sessionId>/<version>/<kind>`: derives from the decision, so a repetition is recognised.\"},{\"name\":\"kind\",\"type\":{\"type\":\"enum\",\"name\":\"SignalKind\",\"namespace\":\"cordon\",\"doc\":\"What a security event says.\",\"symbols\":[\"other\",\"session_suspended\",\"standing_changed\",\"decision_forged\",\"decision_replayed\",\"call_unreported\",\"proof_replayed\",\"revocation_forged\",\"verdict_forged\",\"tool_drifted\"],\"default\":\"other\"},\"doc\":\"What happened.\"},{\"name\":\"human\",\"type\":\"string\",\"doc\":\"Whose session; empty where the writer does not know it.\"},{\"name\":\"agentId\",\"type\":\"string\",\"doc\":\"Which agent; empty where the writer does not know it.\"},{\"name\":\"standing\",\"type\":{\"type\":\"enum\",\"name\":\"Standing\",\"namespace\":\"cordon\",\"doc\":\"What a session may do now.\",\"symbols\":[\"unknown\",\"trusted\",\"verify\",\"read_only\",\"suspended\",\"ended\"],\"default\":\"unknown\"},\"doc\":\"After the event.\"},{\"name\":\"score\",\"type\":\"double\",\"doc\":\"0-100.\"},{\"name\":\"contributions\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Contribution\",\"namespace\":\"cordon\",\"doc\":\"The part of a score that one signal explains.\",\"fields\":[{\"name\":\"signal\",\"type\":\"string\",\"doc\":\"Name of the signal.\"},{\"name\":\"nats\",\"type\":\"double\",\"doc\":\"Its part of the evidence, natural-log units; the parts sum exactly to the evidence.\"},{\"name\":\"fact\",\"type\":\"string\",\"doc\":\"What happened, in words an analyst can act on; no values of arguments or results.\"}]}},\"doc\":\"Why.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"Record time.\"}]}",
  SessionDecision: "{\"type\":\"record\",\"name\":\"SessionDecision\",\"namespace\":\"cordon\",\"doc\":\"Sets a session's standing.\",\"fields\":[{\"name\":\"sessionId\",\"type\":\"string\",\"doc\":\"`<partition>.<uuid>`.\"},{\"name\":\"version\",\"type\":\"long\",\"doc\":\"Offset of the input record that caused it: only goes up, the same in a recomputation.\"},{\"name\":\"standing\",\"type\":{\"type\":\"enum\",\"name\":\"Standing\",\"namespace\":\"cordon\",\"doc\":\"What a session may do now.\",\"symbols\":[\"unknown\",\"trusted\",\"verify\",\"read_only\",\"suspended\",\"ended\"],\"default\":\"unknown\"},\"doc\":\"What the session may do now.\"},{\"name\":\"score\",\"type\":\"double\",\"doc\":\"0-100.\"},{\"name\":\"evidence\",\"type\":\"double\",\"doc\":\"Natural-log units; sum of the contributions.\"},{\"name\":\"contributions\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Contribution\",\"namespace\":\"cordon\",\"doc\":\"The part of a score that one signal explains.\",\"fields\":[{\"name\":\"signal\",\"type\":\"string\",\"doc\":\"Name of the signal.\"},{\"name\":\"nats\",\"type\":\"double\",\"doc\":\"Its part of the evidence, natural-log units; the parts sum exactly to the evidence.\"},{\"name\":\"fact\",\"type\":\"string\",\"doc\":\"What happened, in words an analyst can act on; no values of arguments or results.\"}]}},\"doc\":\"Why.\"},{\"name\":\"decidedAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"Record time of the cause.\"},{\"name\":\"causedBy\",\"type\":[\"null\",\"string\"],\"doc\":\"The invocation that caused it.\",\"default\":null},{\"name\":\"baselineVersion\",\"type\":\"long\",\"doc\":\"The baseline it was computed from.\"},{\"name\":\"bundleVersion\",\"type\":\"long\",\"doc\":\"The bundle it was computed from.\"},{\"name\":\"baselineSessions\",\"type\":\"int\",\"doc\":\"Sessions that had taught the agent's baseline: 0 for an agent that nobody knows, -1 where it was not recorded.\",\"default\":-1},{\"name\":\"thresholdBasis\",\"type\":\"string\",\"doc\":\"What the threshold of this standing rests on: `bundle`, sessions of the `role`, of every role (`pool`), or a `model` of how evidence is distributed.\",\"default\":\"bundle\"},{\"name\":\"standingVersion\",\"type\":\"long\",\"doc\":\"Version of the decision at which this standing began; -1 before decisions were signed.\",\"default\":-1},{\"name\":\"keyId\",\"type\":\"string\",\"doc\":\"Which key of the bundle signed.\",\"default\":\"\"},{\"name\":\"signature\",\"type\":\"bytes\",\"doc\":\"Ed25519, of session, standing and standingVersion (packages/decisions).\",\"default\":\"\"}]}",
  SessionEnded: "{\"type\":\"record\",\"name\":\"SessionEnded\",\"namespace\":\"cordon\",\"doc\":\"No more calls; terminal.\",\"fields\":[{\"name\":\"sessionId\",\"type\":\"string\",\"doc\":\"`<partition>.<uuid>`.\"},{\"name\":\"endedAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"Identity's time.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"`closed`, `expired`, …\"}]}",
  SessionFound: "{\"type\":\"record\",\"name\":\"SessionFound\",\"namespace\":\"cordon\",\"doc\":\"Something was found of a session that changes what it may teach, and how far its human’s next ones are trusted.\",\"fields\":[{\"name\":\"subject\",\"type\":\"string\",\"doc\":\"Whose baseline it concerns: `agent/<agentId>`, `role/<role>` or `all`.\"},{\"name\":\"sessionId\",\"type\":\"string\",\"doc\":\"`<partition>.<uuid>`.\"},{\"name\":\"agentId\",\"type\":\"string\",\"doc\":\"The configured agent.\"},{\"name\":\"human\",\"type\":[\"null\",\"int\"],\"doc\":\"32-bit hash of the human; null where only the contribution says it.\",\"default\":null},{\"name\":\"finding\",\"type\":{\"type\":\"enum\",\"name\":\"Finding\",\"namespace\":\"cordon\",\"doc\":\"What was found of a session.\",\"symbols\":[\"unknown\",\"suspended\",\"misuse\",\"cleared\"],\"default\":\"unknown\"},\"doc\":\"What.\"},{\"name\":\"foundAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"Record time.\"}]}",
  SessionOpened: "{\"type\":\"record\",\"name\":\"SessionOpened\",\"namespace\":\"cordon\",\"doc\":\"A session exists; the first record of its log.\",\"fields\":[{\"name\":\"sessionId\",\"type\":\"string\",\"doc\":\"`<partition>.<uuid>`.\"},{\"name\":\"openedAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"Identity's time.\"},{\"name\":\"human\",\"type\":\"string\",\"doc\":\"Who started the work: `sub` of the token.\"},{\"name\":\"agentId\",\"type\":\"string\",\"doc\":\"The configured agent.\"},{\"name\":\"platform\",\"type\":\"string\",\"doc\":\"The orchestrator that launched the agent.\"},{\"name\":\"role\",\"type\":\"string\",\"doc\":\"The human's role that the agent acts in.\"},{\"name\":\"conversationId\",\"type\":[\"null\",\"string\"],\"doc\":\"The conversation that the session belongs to.\",\"default\":null},{\"name\":\"intent\",\"type\":[\"null\",{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Entity\",\"namespace\":\"cordon\",\"doc\":\"A value that can carry an instruction from a result into an argument, known by its fingerprint only.\",\"fields\":[{\"name\":\"kind\",\"type\":{\"type\":\"enum\",\"name\":\"EntityKind\",\"namespace\":\"cordon\",\"doc\":\"What sort of value an entity is.\",\"symbols\":[\"other\",\"email\",\"url\",\"host\",\"account\",\"path\",\"identifier\"],\"default\":\"other\"},\"doc\":\"What sort of value it is.\"},{\"name\":\"fingerprint\",\"type\":\"long\",\"doc\":\"First 52 bits of the HMAC-SHA-256 of the normalised value under the deployment's fingerprint key.\"},{\"name\":\"target\",\"type\":\"boolean\",\"doc\":\"In an argument: whether that argument names what the call acts on (an argument of the catalogue entry's resources; every argument where the entry names none). The gate rule looks at targets only, other arguments weigh less. Always false in results.\"}]}}],\"doc\":\"The entities in what the human asked for; null where it was not declared.\",\"default\":null},{\"name\":\"intentWording\",\"type\":\"bytes\",\"doc\":\"Which words are in what the human asked for and follow each other, as positions like those of the `wording` of a result; 510 at most.\",\"default\":\"\"},{\"name\":\"bundleVersion\",\"type\":\"long\",\"doc\":\"The bundle that identity decided by.\"},{\"name\":\"deployer\",\"type\":[\"null\",\"string\"],\"doc\":\"Who runs the agent; null where a human uses tools directly.\",\"default\":null},{\"name\":\"manifestHash\",\"type\":[\"null\",\"string\"],\"doc\":\"SHA-256 of the registered manifest, hexadecimal; null where a human uses tools directly.\",\"default\":null},{\"name\":\"holder\",\"type\":[\"null\",\"string\"],\"doc\":\"RFC 7638 thumbprint of the key that the session's tokens are bound to.\",\"default\":null},{\"name\":\"humanSession\",\"type\":[\"null\",\"string\"],\"doc\":\"The human's own session at the identity provider.\",\"default\":null},{\"name\":\"parentSessionId\",\"type\":[\"null\",\"string\"],\"doc\":\"The session whose agent started this one.\",\"default\":null},{\"name\":\"transactionId\",\"type\":[\"null\",\"string\"],\"doc\":\"The piece of work that the session belongs to: one for a session and all below it.\",\"default\":null}]}",
  SessionReviewed: "{\"type\":\"record\",\"name\":\"SessionReviewed\",\"namespace\":\"cordon\",\"doc\":\"What an operator found of a session, after it was flagged or after it ended.\",\"fields\":[{\"name\":\"sessionId\",\"type\":\"string\",\"doc\":\"`<partition>.<uuid>`.\"},{\"name\":\"agentId\",\"type\":\"string\",\"doc\":\"The configured agent.\"},{\"name\":\"finding\",\"type\":{\"type\":\"enum\",\"name\":\"Finding\",\"namespace\":\"cordon\",\"doc\":\"What was found of a session.\",\"symbols\":[\"unknown\",\"suspended\",\"misuse\",\"cleared\"],\"default\":\"unknown\"},\"doc\":\"`misuse`, or `cleared`: it was in order after all.\"},{\"name\":\"operator\",\"type\":\"string\",\"doc\":\"Who says so.\"},{\"name\":\"reviewedAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"The operator's time.\"}]}",
  SessionState: "{\"type\":\"record\",\"name\":\"SessionState\",\"namespace\":\"cordon\",\"doc\":\"A session's scoring state, as the kernel encodes it.\",\"fields\":[{\"name\":\"human\",\"type\":\"string\",\"doc\":\"Whose session it is; signals name it.\"},{\"name\":\"encoding\",\"type\":\"int\",\"doc\":\"Version of the encoding.\"},{\"name\":\"state\",\"type\":\"bytes\",\"doc\":\"The kernel's bytes.\"},{\"name\":\"standingVersion\",\"type\":\"long\",\"doc\":\"Version of the decision at which the standing began; -1 where it is to be signed anew.\",\"default\":-1},{\"name\":\"keyId\",\"type\":\"string\",\"doc\":\"Which key signed that standing.\",\"default\":\"\"},{\"name\":\"signature\",\"type\":\"bytes\",\"doc\":\"Of that standing; repeated in every decision that does not change it.\",\"default\":\"\"},{\"name\":\"draft\",\"type\":\"bytes\",\"doc\":\"What the session would teach, as the kernel encodes it.\",\"default\":\"\"}]}",
  StandingReplayed: "{\"type\":\"record\",\"name\":\"StandingReplayed\",\"namespace\":\"cordon\",\"doc\":\"Somebody wrote an older standing of a session into `session-decisions` behind a newer one, and nothing newer stands behind it.\",\"fields\":[{\"name\":\"sessionId\",\"type\":\"string\",\"doc\":\"`<partition>.<uuid>`.\"},{\"name\":\"standingVersion\",\"type\":\"long\",\"doc\":\"Of the standing that was written again.\"},{\"name\":\"engineId\",\"type\":\"string\",\"doc\":\"Who saw it.\"},{\"name\":\"seenAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"The engine's time.\"}]}",
  SuspicionState: "{\"type\":\"record\",\"name\":\"SuspicionState\",\"namespace\":\"cordon\",\"doc\":\"Whose earlier sessions the profiler holds against the next ones of an agent.\",\"fields\":[{\"name\":\"subject\",\"type\":\"string\",\"doc\":\"`agent/<agentId>`.\"},{\"name\":\"held\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Suspicion\",\"namespace\":\"cordon\",\"doc\":\"What earlier sessions of one agent and one human leave behind.\",\"fields\":[{\"name\":\"human\",\"type\":\"int\",\"doc\":\"32-bit hash of the human.\"},{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"Record time of the latest of these sessions.\"},{\"name\":\"nats\",\"type\":\"double\",\"doc\":\"At that time.\"}]}},\"doc\":\"What is known.\"},{\"name\":\"told\",\"type\":{\"type\":\"array\",\"items\":\"cordon.Suspicion\"},\"doc\":\"What the latest version of the baseline says.\"},{\"name\":\"isUrgent\",\"type\":\"boolean\",\"doc\":\"The two differ so much that new sessions have to hear of it at once.\"}]}",
  Tick: "{\"type\":\"record\",\"name\":\"Tick\",\"namespace\":\"cordon\",\"doc\":\"Time passes in the log even when nothing happens.\",\"fields\":[{\"name\":\"partition\",\"type\":\"int\",\"doc\":\"The partition it was written to.\"},{\"name\":\"tickedAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"doc\":\"The owner's time.\"},{\"name\":\"baselines\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"BaselineVersion\",\"namespace\":\"cordon\",\"doc\":\"A version of the baseline of one subject.\",\"fields\":[{\"name\":\"subject\",\"type\":\"string\",\"doc\":\"`agent/<agentId>`, `role/<role>` or `all`.\"},{\"name\":\"version\",\"type\":\"long\",\"doc\":\"Counts from 1.\"}]}},\"doc\":\"Versions that sessions opened from here on begin with.\",\"default\":[]}]}",
}

