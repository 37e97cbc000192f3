import type { InvocationAttempted, InvocationCompleted, Standing } from '@cordon/schemas'

import { resourceKey, resourceKinds } from '../baseline/resource-key.ts'
import { nameKey } from '../hash.ts'
import { limits } from '../session/limits.ts'
import { factKinds } from '../session/fact-kinds.ts'
import type { Session } from '../session/session.ts'
import { unknownTool } from '../session/origin-list.ts'
import { eachParameter } from '../signals/argument-signal.ts'
import { isSink, unclearOrigin } from '../signals/provenance-signal.ts'
import type { Taint } from '../signals/provenance-signal.ts'
import { isFromText } from '../signals/wording-signal.ts'
import { standings } from '../standing/standings.ts'
import { sizeClassOf } from '../signals/volume-signal.ts'

/** No session teaches the same thing more often: one long session must not outweigh many. */
export const maxCountsPerSession = 3

/** In place of a tool's position: nothing came before. */
export const beforeTheFirst = 254

/** In place of the tool whose result a target was in: it came with the request. */
export const fromRequest = 253

// The first sessions of an agent meet everything for the first time: what they carry teaches nothing about how often that happens.
const sessionsBeforeTaints = 20

/** What is counted of one tool, by the position that the session's list of tools gives it. */
export interface ToolShare {
  readonly position: number
  sensitivity: number
  calls: number
  succeeded: number
  failed: number
  /** Sensitive calls by what they carried: see `Taint`. */
  untainted: number
  foreign: number
  targets: number
  others: number
  /** Results whose size was taken. */
  sized: number
}

/** What a draft asks of the agent's baseline. */
export interface KnownAgent {
  readonly sessions: number
  knowsValue(value: number): boolean
}

/** Counted things: their numbers side by side, the count last. */
type Rows = number[]

/**
 * What a session would teach if it closed now, gathered call by call beside its state and bounded like it. What does not fit is
 * not taught: that makes the agent less known, never something known that is not.
 */
export class LessonDraft {
  /** The worst standing that the session had, and the highest evidence, nats. */
  worst: Standing = 'trusted'
  peak = 0
  calls = 0
  elapsedMs = 0
  /** Positions of the latest tools. */
  previous: number = beforeTheFirst
  beforeThat: number = beforeTheFirst
  readonly tools: ToolShare[] = []
  /** Previous tool, tool, count. */
  readonly pairs: Rows = []
  /** The tool before that, previous tool, tool, count. */
  readonly triples: Rows = []
  /** Kind, key, count. */
  readonly resources: Rows = []
  /** Slot, value. */
  readonly parameters: Rows = []
  /** Which of these a sensitive call took out of running text, and were new to the agent: their positions. */
  readonly fromText: number[] = []
  readonly entities: number[] = []
  readonly sizes: number[] = []
  /** Tool, kind of entity, tool whose result it was in (`unknownTool` where that is not clear, `fromRequest`), count. */
  readonly routes: Rows = []

  /** Where the session stands now. */
  note(standing: Standing, evidence: number): void {
    this.peak = Math.max(this.peak, evidence)
    if (standing !== 'ended' && standings.indexOf(standing) > standings.indexOf(this.worst))
      this.worst = standing
  }

  /** Time passed in the session. */
  wait(elapsedMs: number): void {
    this.elapsedMs += elapsedMs
  }

  /**
   * A call that was let through.
   * @param taint what `findTaint` said of it, before the session remembered its arguments
   * @param isNewTarget what `bringsNewTarget` said, where there was no taint
   * @param agent what is known of it
   */
  attempt(
    session: Session,
    attempt: InvocationAttempted,
    taint: Taint | undefined,
    isNewTarget: boolean,
    agent: KnownAgent,
  ): void {
    this.calls += 1
    const key = nameKey(attempt.tool)
    const position = session.tools.findOrAdd(attempt.tool, key)
    this.#learnTool(position, attempt.sensitivity)
    this.#learnResources(attempt)
    this.#learnParameters(session, attempt, key, agent)
    this.#learnEntities(attempt)
    if (isSink(attempt) && agent.sessions >= sessionsBeforeTaints)
      this.#learnSink(position, taint, isNewTarget)
  }

  complete(session: Session, { tool, outcome, resultBytes }: InvocationCompleted): void {
    const share = this.#shareOf(session.tools.find(nameKey(tool)))
    if (share === undefined) return
    if (share.sized < maxCountsPerSession) {
      share.sized += 1
      this.sizes.push(sizeClassOf(resultBytes))
    }
    if (outcome === 'ok') share.succeeded = capped(share.succeeded)
    if (outcome === 'error') share.failed = capped(share.failed)
  }

  #learnTool(position: number, sensitivity: number): void {
    const { previous, beforeThat } = this
    this.beforeThat = previous
    this.previous = position
    if (position === unknownTool) return
    const share = this.#shareOf(position) ?? this.#newShare(position)
    share.sensitivity = Math.min(255, sensitivity)
    share.calls = capped(share.calls)
    if (previous === unknownTool) return
    count(this.pairs, [previous, position], limits.lessonPairs)
    if (beforeThat !== unknownTool)
      count(this.triples, [beforeThat, previous, position], limits.lessonTriples)
  }

  #shareOf(position: number): ToolShare | undefined {
    for (const share of this.tools) if (share.position === position) return share
    return undefined
  }

  #newShare(position: number): ToolShare {
    const share = { position, ...noShare }
    this.tools.push(share)
    return share
  }

  #learnResources({ resources }: InvocationAttempted): void {
    const length = Math.min(resources.length, limits.resourcesPerCall)
    for (let index = 0; index < length; index += 1) {
      const { kind, name } = resources[index]!
      count(
        this.resources,
        [resourceKinds.indexOf(kind), resourceKey(kind, name) | 0],
        limits.lessonResources,
      )
    }
  }

  #learnParameters(session: Session, attempt: InvocationAttempted, tool: number, agent: KnownAgent): void {
    const { parameters, fromText } = this
    const mayBeFromText = !session.wording.isEmpty && isSink(attempt)
    eachParameter(attempt, tool, (slot, value, _name, parameter) => {
      if (parameters.length >= 2 * limits.lessonParameters) return
      for (let at = 1; at < parameters.length; at += 2) if (parameters[at] === value) return
      if (
        mayBeFromText &&
        parameter !== undefined &&
        !agent.knowsValue(value) &&
        isFromText(session, parameter)
      )
        fromText.push(parameters.length / 2)
      parameters.push(slot, value)
    })
  }

  #learnEntities(attempt: InvocationAttempted): void {
    const { entities } = this
    const length = Math.min(attempt.entities.length, limits.entitiesPerCall)
    for (let index = 0; index < length && entities.length < limits.lessonEntities; index += 1) {
      const key = attempt.entities[index]!.fingerprint | 0
      if (!entities.includes(key)) entities.push(key)
    }
  }

  #learnSink(position: number, taint: Taint | undefined, isNewTarget: boolean): void {
    const share = this.#shareOf(position)
    if (share === undefined) return
    // That something was not seen is no habit of acting on what was: it is counted apart, as a way.
    const isClear = taint?.routes.some(({ origin }) => origin !== unclearOrigin)
    if (taint === undefined || (taint.foreign && isClear !== true)) share.untainted = capped(share.untainted)
    else if (taint.foreign) share.foreign = capped(share.foreign)
    else if (taint.target) share.targets = capped(share.targets)
    else share.others = capped(share.others)
    if (isNewTarget) count(this.routes, [position, 0, fromRequest], limits.lessonRoutes)
    for (const { kind, source } of taint?.routes ?? [])
      count(this.routes, [position, factKinds.indexOf(kind), source], limits.lessonRoutes)
  }
}

const noShare: Omit<ToolShare, 'position'> = {
  sensitivity: 0,
  calls: 0,
  succeeded: 0,
  failed: 0,
  untainted: 0,
  foreign: 0,
  targets: 0,
  others: 0,
  sized: 0,
}

const capped = (held: number): number => Math.min(maxCountsPerSession, held + 1)

/** Counts the row that begins with these numbers. */
const count = (rows: Rows, row: readonly number[], maxRows: number): void => {
  const width = row.length + 1
  for (let start = 0; start < rows.length; start += width) {
    if (!begins(rows, start, row)) continue
    rows[start + row.length] = capped(rows[start + row.length]!)
    return
  }
  if (rows.length < maxRows * width) rows.push(...row, 1)
}

const begins = (rows: Rows, start: number, row: readonly number[]): boolean => {
  for (let column = 0; column < row.length; column += 1)
    if (rows[start + column] !== row[column]) return false
  return true
}
