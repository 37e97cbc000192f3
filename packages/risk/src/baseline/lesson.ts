import type { InvocationAttempted, InvocationCompleted, ResourceKind } from '@cordon/schemas'

import { silenceMs } from '../fade.ts'
import { noteResult } from '../note-result.ts'
import { RiskError } from '../risk-error.ts'
import type { SessionEvent } from '../session-event.ts'
import { limits } from '../session/limits.ts'
import { Session } from '../session/session.ts'
import { model } from '../signals/model.ts'
import { findTaint, isSink, rememberArguments } from '../signals/provenance-signal.ts'
import { resourceKey } from './resource-key.ts'
import { storedToolName } from './tool-key.ts'

/** No session teaches the same thing more often: one long session must not outweigh many. */
const maxCountsPerSession = 3

/** Stands for a tool before the session's first. */
export const nothingBefore = ''

/** The part of an agent's profile that reading a session needs. */
export interface EntityHabit {
  knowsEntity(fingerprint: number): boolean
}

/** What one session teaches, after the cap. Reads a log the way the kernel does; refused and late calls teach nothing. */
export class Lesson {
  readonly agentId: string
  readonly role: string
  /** Names as they are stored. */
  readonly tools: { readonly tool: string; readonly sensitivity: number }[] = []
  readonly after: { readonly previous: string; readonly tool: string }[] = []
  readonly afterTwo: { readonly beforeThat: string; readonly previous: string; readonly tool: string }[] = []
  readonly resources: { readonly kind: ResourceKind; readonly key: number }[] = []
  /** Fingerprints of entities in arguments. */
  readonly entities: Set<number> = new Set()
  readonly outcomes: { readonly failed: boolean }[] = []
  readonly sinks: { readonly taint: 'target' | 'other' | 'none' }[] = []
  readonly #agent: EntityHabit | undefined
  readonly #refused: ReadonlySet<string>
  readonly #session = new Session()
  readonly #callNumbers = new Map<string, number>()
  readonly #taught = new Map<string, number>()
  #previous = nothingBefore
  #beforeThat = nothingBefore
  #calls = 0
  #elapsedMs = 0

  /**
   * @param agentSoFar what is known of the agent already
   * @throws RiskError `SESSION_LOG_MALFORMED` where the log does not begin with `SessionOpened`
   */
  constructor(events: readonly SessionEvent[], agentSoFar: (agentId: string) => EntityHabit | undefined) {
    const [first] = events
    if (first?.name !== 'SessionOpened')
      throw new RiskError(
        'SESSION_LOG_MALFORMED',
        `session log: expected SessionOpened first, got ${first?.name ?? 'nothing'}`,
      )
    this.agentId = first.value.agentId
    this.role = first.value.role
    this.#agent = agentSoFar(this.agentId)
    this.#refused = new Set(
      events.flatMap(event => (event.name === 'InvocationDenied' ? event.value.invocationId : [])),
    )
    this.#session.lastAt = first.at
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
      const key = resourceKey(kind, name)
      if (this.#mayTeach(`resource ${key}`)) this.resources.push({ kind, key })
    }
  }

  #learnProvenance(attempt: InvocationAttempted): void {
    for (const { fingerprint } of attempt.entities.slice(0, limits.entitiesPerCall))
      this.entities.add(fingerprint)
    if (!isSink(attempt)) return
    const found = findTaint(this.#session, attempt, this.#agent)
    const taint = found === undefined ? 'none' : found.target ? 'target' : 'other'
    if (this.#mayTeach(`sink ${taint} ${attempt.tool}`)) this.sinks.push({ taint })
  }

  #readCompletion(completed: InvocationCompleted): void {
    const call = this.#callNumbers.get(completed.invocationId) ?? this.#session.calls
    noteResult(this.#session, completed, call, this.#agent)
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
