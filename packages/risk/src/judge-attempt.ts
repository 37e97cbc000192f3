import type { InvocationAttempted, Resource } from '@cordon/schemas'

import { silenceMs } from './fade.ts'
import { fitText } from './fit-text.ts'
import { nameKey } from './hash.ts'
import { limits } from './session/limits.ts'
import { unknownTool } from './session/origin-list.ts'
import type { Session } from './session/session.ts'
import type { Expectations } from './signals/expectations.ts'
import { bookProvenance } from './signals/provenance-ledger.ts'
import { isSink, provenanceNats, rememberArguments, unclearOrigin } from './signals/provenance-signal.ts'
import type { Taint } from './signals/provenance-signal.ts'
import { countCall, rateNats, usualCalls } from './signals/rate-signal.ts'
import { isNoteworthy, rememberFact } from './signals/remember-fact.ts'
import { judgeResources } from './signals/resource-signal.ts'
import { signal } from './signals/signal.ts'
import type { SignalIndex } from './signals/signal.ts'
import { toolFactCode, toolNats } from './signals/tool-signal.ts'

/** What judging a call needs beside the session and the attempt. */
export interface Grounds {
  readonly expected: Expectations
  readonly weights: Float64Array
  /** See `findTaint`. */
  readonly taint: Taint | undefined
  /** Record time, milliseconds since the Unix epoch. */
  readonly now: number
  /** The record came too late to say anything about the rate. */
  readonly late: boolean
}

/** Weighs one call by every signal and remembers what the next one is compared with. */
export const judgeAttempt = (session: Session, attempt: InvocationAttempted, grounds: Grounds): void => {
  const key = nameKey(attempt.tool)
  const position = session.tools.findOrAdd(attempt.tool, key)
  const added =
    judgeTool(session, attempt, grounds, key, position) +
    judgeNovelty(session, attempt, grounds, position) +
    judgeProvenance(session, attempt, grounds, position)
  if (!grounds.late) judgeRate(session, grounds, position)
  const conforms = added <= 0 && session.evidence[signal.rate] === 0
  session.conforming = conforms ? Math.min(255, session.conforming + 1) : 0
  session.sensitivity = Math.max(session.sensitivity, Math.min(3, attempt.sensitivity))
  session.tools.countCall(position)
  rememberArguments(session, attempt)
  session.beforeThat = session.previous
  session.previous = key
  session.calls += 1
}

// More tools than a session's state names.
const toolAt = ({ tools }: Session, position: number): string => tools.names[position] ?? 'another tool'

const add = (session: Session, position: SignalIndex, nats: number): void => {
  session.evidence[position] = Math.max(0, session.evidence[position]! + nats)
}

const judgeTool = (
  session: Session,
  attempt: InvocationAttempted,
  { expected, weights }: Grounds,
  key: number,
  position: number,
): number => {
  if (weights[signal.tool] === 0) return 0
  const calls = session.tools.callsAt(position)
  const nats = weights[signal.tool]! * toolNats(session, expected.baseline, key, attempt.sensitivity, calls)
  if (nats > 0 && isNoteworthy(session, signal.tool, nats)) {
    const previous = session.tools.find(session.previous)
    rememberFact(session, signal.tool, {
      code: toolFactCode(expected.baseline, key),
      nats,
      call: session.calls,
      tool: toolAt(session, position),
      name: previous === unknownTool ? '' : session.tools.names[previous]!,
      kind: 'other',
      count: 0,
      usual: 0,
    })
  }
  add(session, signal.tool, nats)
  return nats
}

const judgeNovelty = (
  session: Session,
  attempt: InvocationAttempted,
  { expected, weights }: Grounds,
  position: number,
): number => {
  if (attempt.resources.length === 0 || weights[signal.resource] === 0) return 0
  const finding = judgeResources(session, expected.baseline, attempt)
  const nats = weights[signal.resource]! * finding.nats
  if (finding.novel !== undefined && isNoteworthy(session, signal.resource, nats))
    rememberFact(session, signal.resource, {
      code: finding.novelToRole ? 'resource-new-to-role' : 'resource-new-to-agent',
      nats,
      call: session.calls,
      tool: toolAt(session, position),
      name: shownName(finding.novel),
      kind: finding.novel.kind,
      count: attempt.readOnly ? 1 : 0,
      usual: 0,
    })
  add(session, signal.resource, nats)
  return nats
}

// Recipients and accounts are pseudonyms, and nobody knows what `other` holds.
const shownName = ({ kind, name }: Resource): string =>
  kind === 'table' || kind === 'path' || kind === 'host' ? fitText(name, limits.nameBytes) : ''

const judgeProvenance = (
  session: Session,
  attempt: InvocationAttempted,
  { expected, weights, taint }: Grounds,
  position: number,
): number => {
  if (weights[signal.provenance] === 0 || !isSink(attempt)) return 0
  const nats = weights[signal.provenance]! * provenanceNats(expected, taint)
  if (taint !== undefined && (taint.target || isNoteworthy(session, signal.provenance, nats)))
    rememberFact(session, signal.provenance, {
      code:
        taint.origin === unclearOrigin
          ? 'origin-unknown'
          : taint.target
            ? 'target-from-result'
            : 'argument-from-result',
      nats,
      call: session.calls,
      tool: toolAt(session, position),
      ...originOf(session, taint),
      kind: taint.kind,
      usual: 0,
    })
  bookProvenance(session, taint, nats)
  return nats
}

const originOf = ({ origins, tools, calls }: Session, { origin }: Taint): { name: string; count: number } => {
  const position = origin === unclearOrigin ? unknownTool : origins.toolOf(origin)
  return position === unknownTool
    ? { name: '', count: 0 }
    : { name: tools.names[position] ?? '', count: calls - origins.callOf(origin) }
}

const judgeRate = (session: Session, { expected, weights, now }: Grounds, position: number): void => {
  countCall(session, silenceMs(session.lastCallAt, now))
  session.lastCallAt = Math.max(session.lastCallAt, now)
  if (weights[signal.rate] === 0) return
  const nats = weights[signal.rate]! * rateNats(session, expected.rate)
  if (nats > 0 && isNoteworthy(session, signal.rate, nats))
    rememberFact(session, signal.rate, {
      code: 'rate-high',
      nats,
      call: session.calls,
      tool: toolAt(session, position),
      name: '',
      kind: 'other',
      count: Math.round(session.rateCalls),
      usual: Math.round(usualCalls(session, expected.rate)),
    })
  session.evidence[signal.rate] = nats
}
