import type { ProvenRequest } from '@cordon/engine-socket'
import type { InvocationId } from '@cordon/foundation'
import type { Bundle, CatalogueEntry } from '@cordon/policy'
import type { Entity, GateVerdict, InvocationAttempted, Parameter, Resource } from '@cordon/schemas'
import type { NumberedProof, SessionToken } from '@cordon/tokens'

import type { ExpectedVerdict, HeldDecision } from '../ports.ts'
import type { CanonicalArguments } from './canonical-arguments.ts'
import type { Refused } from './check.ts'

/** A tool call as it reached the engine. */
export interface Call {
  readonly server: string
  /** The tool's own name, without the server. */
  readonly tool: string
  /** Whatever the agent sent; `classify` refuses what is no JSON object. */
  readonly arguments: unknown
  /** See `AuthorizeRequest`. */
  readonly restDigest?: string
  /** What the call came with; unknown of a recorded one. */
  readonly bytes?: number
  /** The arguments were too large to come along. */
  readonly areLeftOut?: boolean
  /** It carries data that is no argument: answers to what its server asked, or much else. */
  readonly hasAnswers?: boolean
  /** Some number in it is another one as a double. */
  readonly isInexact?: boolean
  /** As in `AuthorizeRequest`. */
  readonly definition?: string
  /** The session was shown another definition of the tool before. */
  readonly isDefinitionChanged?: boolean
}

/** What is known of every call. */
export interface CallFacts {
  readonly call: Call
  readonly canonical: CanonicalArguments
  readonly invocationId: InvocationId
  readonly engineId: string
  /** When the call reached the engine. Milliseconds since the Unix epoch. */
  readonly now: number
}

/** What came with the call to say whose it is. */
export interface ShownFacts {
  readonly shown: ProvenRequest
}

/** Of a request that calls nothing. */
export interface MethodFacts {
  /** See `AdmitRequest`. */
  readonly method: string
  readonly contentDigest?: string
}

/** Established by `verify-token`. */
export interface PrincipalFacts {
  readonly principal: SessionToken
  /** SHA-256 of the token's text in base64url, where its verification said it. */
  readonly tokenDigest?: string
  /** The token says whose it was, and counts for nothing more: why. */
  readonly spent?: Refused
}

/** Established by `verify-call-proof`. */
export interface ProofFacts {
  /** Its text is kept in the event, so that it can be verified again; its number counts the session's guarded calls at the agent. */
  readonly proven: NumberedProof
}

/** Established by `require-bundle`: one call is decided by one bundle. */
export interface BundleFacts {
  readonly bundle: Bundle
}

/** Established by `check-session`. */
export interface SessionFacts {
  readonly held: HeldDecision
}

/** What the catalogue says of the tool. */
export interface EntryFacts {
  readonly entry: CatalogueEntry
}

/** Established by `classify`. */
export interface ClassifiedFacts extends EntryFacts {
  readonly classified: Classification
}

/** What a call is, as far as its arguments and the catalogue say. */
interface Classification {
  readonly resources: readonly Resource[]
  readonly entities: readonly Entity[]
  readonly entitiesOverflow: boolean
  readonly parameters: readonly Parameter[]
  readonly argumentsBytes: number
  readonly argumentsShape: number
  readonly argumentsDigest: Buffer
}

/** Established by `record-attempt`. */
export interface AttemptFacts {
  /** Absent where it could not be recorded and the call may pass without. */
  readonly attempt?: InvocationAttempted
  /** The scorer's answer, on its way, where the call is gated. */
  readonly expectedVerdict?: ExpectedVerdict
}

/** Established by `await-gate`, where the call is gated. */
export interface GateFacts {
  readonly gateVerdict?: GateVerdict
}

/** Everything that may be known of a call by the time its fate is. */
export type DecidedFacts = CallFacts &
  Partial<
    ShownFacts &
      PrincipalFacts &
      ProofFacts &
      BundleFacts &
      SessionFacts &
      ClassifiedFacts &
      AttemptFacts &
      GateFacts
  >
