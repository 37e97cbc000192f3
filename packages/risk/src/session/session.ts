import type { Standing } from '@cordon/schemas'

import { filePins } from '../baseline/baseline-pins.ts'
import type { BaselinePins } from '../baseline/baseline-pins.ts'
import { sessionStart } from '../baseline/tool-key.ts'
import { LessonDraft } from '../lesson/lesson-draft.ts'
import type { Expectations } from '../signals/expectations.ts'
import type { Fact } from '../signals/fact.ts'
import { signalNames } from '../signals/signal.ts'
import type { Work } from '../standing/work.ts'
import { EntityTrail } from './entity-trail.ts'
import { InvocationRing } from './invocation-ring.ts'
import { limits } from './limits.ts'
import { OriginList } from './origin-list.ts'
import { ProofWatch } from './proof-watch.ts'
import { SequenceWatch } from './sequence-watch.ts'
import { ToolList } from './tool-list.ts'
import { WordFilter } from './word-filter.ts'

/** Everything that a session's score depends on, beside its baseline. Only the kernel changes it. */
export class Session {
  agentId = ''
  role = ''
  standing: Standing = 'unknown'
  /** Record time, milliseconds since the Unix epoch. */
  standingSince = 0
  /** Record time of the latest event. */
  lastAt = 0
  /** Calls in a row, since the last change of standing, that brought no evidence. */
  conforming = 0
  /** Tens of the score, with hysteresis. */
  band = 0
  /** Highest of the tools that it tried. */
  sensitivity = 0
  /** What its first call with arguments said. */
  work: Work = 'untold'
  /** Attempts so far. */
  calls = 0
  /** Keys of the previous tool and the one before. */
  previous: number = sessionStart
  beforeThat: number = sessionStart
  /** Record time of the latest call that counts for the rate. */
  lastCallAt = 0
  /** Calls, decayed. */
  rateCalls = 0
  /** Milliseconds, decayed alike. */
  rateMs = 0
  /** Outcomes counted, and failures among them. */
  outcomes = 0
  failures = 0
  /** Nats per signal, in the order of `signalNames`; never negative. A plain array is one object, a typed one three. */
  readonly evidence: number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0] satisfies PerSignal
  /** What explains each signal's evidence; replaced, never changed, so that an assessment may keep it. */
  facts: readonly (Fact | undefined)[] = noFacts
  readonly tools: ToolList = new ToolList()
  readonly ring: InvocationRing = new InvocationRing()
  readonly sequences: SequenceWatch = new SequenceWatch()
  readonly proofs: ProofWatch = new ProofWatch()
  readonly origins: OriginList = new OriginList()
  readonly entities: EntityTrail = new EntityTrail()
  /** Running text that it read. */
  readonly wording: WordFilter = new WordFilter()
  /** What its human asked for, where that was declared. */
  readonly asked: WordFilter = new WordFilter()
  /** Keys of values that it gave before any text had them, oldest first. */
  readonly given: number[] = []
  /** Low 32 bits of the keys of resources whose novelty has been counted; the oldest gives way. */
  readonly resources: number[] = []
  /** How many resources were ever put there. */
  resourceCount = 0
  /** Which baselines it is compared with: those of its opening. */
  pins: BaselinePins = filePins
  /** What it would teach; encoded apart. */
  readonly draft: LessonDraft
  /** What it is compared with, as one kernel found it; not part of the encoding. */
  expectations:
    { readonly foundBy: object; readonly expected: Expectations; readonly priorLogit: number } | undefined =
    undefined

  constructor(draft: LessonDraft = new LessonDraft()) {
    this.draft = draft
  }

  get isOpen(): boolean {
    return this.standing !== 'unknown' && this.standing !== 'ended'
  }

  /** A call is missing, and still has time to come. */
  get isAwaiting(): boolean {
    return this.proofs.gaps.length > 0
  }

  moveTo(standing: Standing, now: number): void {
    this.standing = standing
    this.standingSince = now
    this.conforming = 0
  }

  knowsResource(key: number): boolean {
    return this.resources.includes(key | 0)
  }

  rememberResource(key: number): void {
    this.resources[this.resourceCount % limits.resources] = key | 0
    this.resourceCount += 1
  }
}

type PerSignal<Names extends readonly string[] = typeof signalNames> = { [Name in keyof Names]: number }

const noFacts: readonly undefined[] = signalNames.map(() => undefined)
