import type { InvocationAttempted, InvocationCompleted, ResourceKind } from '@cordon/schemas'

import { silenceMs } from '../fade.ts'
import { nameKey } from '../hash.ts'
import { noteResult } from '../note-result.ts'
import { RiskError } from '../risk-error.ts'
import type { SessionEvent } from '../session-event.ts'
import { limits } from '../session/limits.ts'
import { Session } from '../session/session.ts'
import { eachParameter } from '../signals/argument-signal.ts'
import { model } from '../signals/model.ts'
import { findTaint, isSink, rememberArguments, rememberIntent } from '../signals/provenance-signal.ts'
import type { EntityHabit, KnownEntities } from '../signals/provenance-signal.ts'
import { sizeClassOf } from '../signals/volume-signal.ts'
import { resourceKey } from './resource-key.ts'
import { storedToolName } from './tool-key.ts'

/** No session teaches the same thing more often: one long session must not outweigh many. */
const maxCountsPerSession = 3

/** Stands for a tool before the session's first. */
export const nothingBefore = ''

/** What a sensitive call carried: see `Taint`. */
export type LearntTaint = 'foreign' | 'targets' | 'others' | 'none'

/** What is known of the session's agent, its role and everyone, as far as reading a session needs it. */
export interface KnownSoFar extends KnownEntities {
  readonly agent: EntityHabit & { readonly sessions: number }
}

// The first sessions of an agent meet everything for the first time: what they carry teaches nothing about how often that happens.
const sessionsBeforeTaints = 20

/** What one session teaches, after the cap. Reads a log the way the kernel does; refused and late calls teach nothing. */
export class Lesson {
  readonly agentId: string
  readonly role: string
  /** Names as they are stored. */
  readonly tools: { readonly tool: string; readonly sensitivity: number }[] = []
  readonly after: { readonly previous: string; readonly tool: string }[] = []
  readonly afterTwo: { readonly beforeThat: string; readonly previous: string; readonly tool: string }[] = []
  readonly resources: { readonly kind: ResourceKind; readonly key: number }[] = []
  /** Keys of entities in arguments, and of those in arguments or results. */
  readonly entities: Set<number> = new Set()
  readonly met: Set<number> = new Set()
  /** Each value once. */
  readonly parameters: { readonly slot: number; readonly value: number }[] = []
  /** Size classes of results. */
  readonly sizes: number[] = []
  readonly outcomes: { readonly failed: boolean }[] = []
  readonly sinks: { readonly taint: LearntTaint }[] = []
  readonly #known: KnownSoFar
  readonly #refused: ReadonlySet<string>
  readonly #session = new Session()
  readonly #callNumbers = new Map<string, number>()
  readonly #taught = new Map<string, number>()
  readonly #values = new Set<number>()
  #previous = nothingBefore
  #beforeThat = nothingBefore
  #calls = 0
  #elapsedMs = 0

  /**
   * @param knownSoFar of an agent and a role
   * @throws RiskError `SESSION_LOG_MALFORMED` where the log does not begin with `SessionOpened`
   */
  constructor(events: readonly SessionEvent[], knownSoFar: (agentId: string, role: string) => KnownSoFar) {
    const [first] = events
    if (first?.name !== 'SessionOpened')
      throw new RiskError(
        'SESSION_LOG_MALFORMED',
        `session log: expected SessionOpened first, got ${first?.name ?? 'nothing'}`,
      )
    this.agentId = first.value.agentId
    this.role = first.value.role
    this.#known = knownSoFar(this.agentId, this.role)
    this.#refused = new Set(
      events.flatMap(event => (event.name === 'InvocationDenied' ? event.value.invocationId : [])),
    )
    this.#session.lastAt = first.at
    rememberIntent(this.#session, first.value)
    for (const { name, value, at } of events) {
      if (name === 'InvocationAttempted') this.#readAttempt(value, at)
      if (name === 'InvocationCompleted') this.#readCompletion(value)
      this.#elapsedMs += silenceMs(this.#session.lastAt, at)
      this.#session.lastAt = Math.max(this.#session.lastAt, at)
    }
  }

  /** Calls per second. */
  get rate(): number {
    return this.#calls / ((this.#elapsedMs + model.rate.graceMs) / 1000)
  }

  #readAttempt(attempt: InvocationAttempted, at: number): void {
    if (this.#callNumbers.has(attempt.invocationId)) return
    this.#callNumbers.set(attempt.invocationId, this.#session.calls)
    const late = attempt.attemptedAt < at
    if (!late && !this.#refused.has(attempt.invocationId)) {
      this.#calls += 1
      this.#learnTool(attempt)
      this.#learnResources(attempt)
      this.#learnParameters(attempt)
      this.#learnProvenance(attempt)
    }
    rememberArguments(this.#session, attempt)
    this.#session.calls += 1
  }

  #learnTool({ tool: name, sensitivity }: InvocationAttempted): void {
    const tool = storedToolName(name)
    const previous = this.#previous
    const beforeThat = this.#beforeThat
    if (this.#mayTeach(`tool ${tool}`)) this.tools.push({ tool, sensitivity })
    if (this.#mayTeach(`after ${previous} ${tool}`)) this.after.push({ previous, tool })
    if (this.#mayTeach(`after ${beforeThat} ${previous} ${tool}`))
      this.afterTwo.push({ beforeThat, previous, tool })
    this.#beforeThat = previous
    this.#previous = tool
  }

  #learnResources({ resources }: InvocationAttempted): void {
    for (const { kind, name } of resources.slice(0, limits.resourcesPerCall)) {
      const key = resourceKey(kind, name) | 0
      if (this.#mayTeach(`resource ${key}`)) this.resources.push({ kind, key })
    }
  }

  #learnParameters(attempt: InvocationAttempted): void {
    eachParameter(attempt, nameKey(attempt.tool), (slot, value) => {
      if (this.#values.has(value)) return
      this.#values.add(value)
      this.parameters.push({ slot, value })
    })
  }

  #learnProvenance(attempt: InvocationAttempted): void {
    for (const { fingerprint } of attempt.entities.slice(0, limits.entitiesPerCall)) {
      this.entities.add(fingerprint | 0)
      this.met.add(fingerprint | 0)
    }
    if (!isSink(attempt) || this.#known.agent.sessions < sessionsBeforeTaints) return
    const found = findTaint(this.#session, attempt, this.#known)
    const taint =
      found === undefined ? 'none' : found.foreign ? 'foreign' : found.target ? 'targets' : 'others'
    if (this.#mayTeach(`sink ${taint} ${attempt.tool}`)) this.sinks.push({ taint })
  }

  #readCompletion(completed: InvocationCompleted): void {
    const call = this.#callNumbers.get(completed.invocationId) ?? this.#session.calls
    noteResult(this.#session, completed, call, this.#known.agent)
    for (const { fingerprint } of completed.entities.slice(0, limits.entitiesPerCall))
      this.met.add(fingerprint | 0)
    if (this.#mayTeach(`size ${completed.tool}`)) this.sizes.push(sizeClassOf(completed.resultBytes))
    const failed = completed.outcome === 'error'
    if (!failed && completed.outcome !== 'ok') return
    if (this.#mayTeach(`outcome ${failed} ${completed.tool}`)) this.outcomes.push({ failed })
  }

  #mayTeach(what: string): boolean {
    const count = this.#taught.get(what) ?? 0
    this.#taught.set(what, count + 1)
    return count < maxCountsPerSession
  }
}
