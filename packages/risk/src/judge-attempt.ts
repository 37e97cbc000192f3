import type { InvocationAttempted, Resource } from '@cordon/schemas'

import { silenceMs } from './fade.ts'
import { fitText } from './fit-text.ts'
import { nameKey } from './hash.ts'
import type { Origins } from './judge-origins.ts'
import { limits } from './session/limits.ts'
import { unknownTool } from './session/origin-list.ts'
import type { Session } from './session/session.ts'
import { judgeArguments } from './signals/argument-signal.ts'
import type { CallEvidence } from './signals/call-evidence.ts'
import type { Expectations } from './signals/expectations.ts'
import type { Fact } from './signals/fact.ts'
import { model } from './signals/model.ts'
import { actsOnOwnTarget, isSink, rememberArguments, unclearOrigin } from './signals/provenance-signal.ts'
import type { Taint } from './signals/provenance-signal.ts'
import { countCall, rateNats, usualCalls } from './signals/rate-signal.ts'
import { isNoteworthy, rememberFact } from './signals/remember-fact.ts'
import { judgeResources } from './signals/resource-signal.ts'
import { signal } from './signals/signal.ts'
import { toolFactCode, toolNats } from './signals/tool-signal.ts'
import { judgeWording, rememberValues } from './signals/wording-signal.ts'
import { noteWork } from './standing/work.ts'

/** What judging a call needs beside the session and the attempt. */
export interface Grounds {
  readonly expected: Expectations
  readonly weights: Float64Array
  readonly origins: Origins
  /** Record time, milliseconds since the Unix epoch. */
  readonly now: number
  /** The record came too late to say anything about the rate. */
  readonly late: boolean
  /** Is filled anew for each call. */
  readonly evidence: CallEvidence
}

/**
 * Weighs one call by every signal and remembers what the next one is compared with.
 * @returns what there is to say of where its arguments come from
 */
export const judgeAttempt = (
  session: Session,
  attempt: InvocationAttempted,
  grounds: Grounds,
): Fact | undefined => {
  const { evidence, expected } = grounds
  const key = nameKey(attempt.tool)
  const position = session.tools.findOrAdd(attempt.tool, key)
  const tool = session.tools.names[position] ?? 'another tool'
  noteWork(session, expected.baseline.agent, attempt, key)
  evidence.clear()
  judgeTool(session, attempt, grounds, { key, position, tool })
  judgeNovelty(session, attempt, grounds, tool)
  judgeProvenance(session, attempt, grounds, tool)
  judgeText(session, attempt, grounds, key, tool)
  judgeValues(session, attempt, grounds, key, tool)
  evidence.settle(session)
  if (!grounds.late) judgeRate(session, grounds, tool)
  const conforms = evidence.total <= model.conformingNats && session.evidence[signal.rate] === 0
  session.conforming = conforms ? Math.min(255, session.conforming + 1) : 0
  session.sensitivity = Math.max(session.sensitivity, Math.min(3, attempt.sensitivity))
  session.tools.countCall(position)
  rememberArguments(session, attempt)
  rememberValues(session, attempt)
  session.beforeThat = session.previous
  session.previous = key
  session.calls += 1
  return evidence.factOf(signal.provenance)
}

interface NamedTool {
  readonly key: number
  /** In the session's tools. */
  readonly position: number
  /** As facts show it. */
  readonly tool: string
}

const judgeTool = (
  session: Session,
  attempt: InvocationAttempted,
  { expected, weights, evidence }: Grounds,
  { key, position, tool }: NamedTool,
): void => {
  const weight = (isLowRead(attempt) ? model.tool.readShare : 1) * weights[signal.tool]!
  if (weight === 0) return
  const calls = session.tools.callsAt(position)
  const nats = weight * toolNats(session, expected.baseline, key, attempt.sensitivity, calls)
  if (nats < model.minFactNats) return evidence.say(signal.tool, nats)
  const previous = session.tools.find(session.previous)
  return evidence.say(signal.tool, nats, {
    ...plainFact(session, tool, nats),
    code: toolFactCode(expected.baseline, key),
    name: previous === unknownTool ? '' : session.tools.names[previous]!,
  })
}

const judgeNovelty = (
  session: Session,
  attempt: InvocationAttempted,
  { expected, weights, evidence }: Grounds,
  tool: string,
): void => {
  if (attempt.resources.length === 0 || weights[signal.resource] === 0) return
  const { nats: found, novel, novelToRole } = judgeResources(session, expected.baseline, attempt)
  const nats = weights[signal.resource]! * found
  if (novel === undefined) return evidence.say(signal.resource, nats)
  return evidence.say(signal.resource, nats, {
    ...plainFact(session, tool, nats),
    code: novelToRole ? 'resource-new-to-role' : 'resource-new-to-agent',
    name: shownName(novel),
    kind: novel.kind,
    count: attempt.readOnly ? 1 : 0,
  })
}

// Recipients and accounts are pseudonyms, and nobody knows what `other` holds.
const shownName = ({ kind, name }: Resource): string =>
  kind === 'table' || kind === 'path' || kind === 'host' ? fitText(name, limits.nameBytes) : ''

const judgeProvenance = (
  session: Session,
  attempt: InvocationAttempted,
  { weights, origins: { taint, provenance }, evidence }: Grounds,
  tool: string,
): void => {
  if (weights[signal.provenance] === 0 || !isSink(attempt)) return
  const nats = weights[signal.provenance]! * provenance.nats
  if (taint === undefined) {
    evidence.say(signal.provenance, nats)
    return
  }
  const { origin } = provenance.route ?? taint
  // What is written comes before what it implies, and is what people recognise.
  const kind = provenance.route === undefined || origin === taint.origin ? taint.kind : provenance.route.kind
  evidence.say(signal.provenance, nats, {
    ...plainFact(session, tool, nats),
    code: provenanceCode(taint, origin),
    ...originOf(session, origin),
    kind,
  })
}

// An entity out of a sentence is a value out of it as well: the two tell of one origin, so the louder counts. What the human named is
// theirs in whatever sentence it comes up.
const judgeText = (
  session: Session,
  attempt: InvocationAttempted,
  { expected, weights, evidence, origins: { taint } }: Grounds,
  key: number,
  tool: string,
): void => {
  if (weights[signal.provenance] === 0 || !isSink(attempt)) return
  if (taint === undefined && actsOnOwnTarget(session, attempt)) return
  const found = judgeWording(session, expected.baseline, attempt, key)
  const nats = weights[signal.provenance]! * found.nats
  if (nats <= Math.max(0, evidence.natsOf(signal.provenance))) return
  evidence.say(signal.provenance, nats, {
    ...plainFact(session, tool, nats),
    code: 'argument-from-text',
    name: fitText(found.name, limits.nameBytes),
  })
}

const provenanceCode = ({ target, foreign }: Taint, origin: number): Fact['code'] => {
  if (origin === unclearOrigin) return 'origin-unknown'
  if (foreign) return 'foreign-target-from-result'
  return target ? 'target-from-result' : 'argument-from-result'
}

const originOf = ({ origins, tools, calls }: Session, origin: number): { name: string; count: number } => {
  const position = origin < 0 ? unknownTool : origins.toolOf(origin)
  return position === unknownTool
    ? { name: '', count: 0 }
    : { name: tools.names[position] ?? '', count: calls - origins.callOf(origin) }
}

// What a value's origin or the resource that it names brings already is not counted twice.
const judgeValues = (
  session: Session,
  attempt: InvocationAttempted,
  { expected, weights, evidence }: Grounds,
  key: number,
  tool: string,
): void => {
  if (weights[signal.argument] === 0) return
  const found = judgeArguments(expected.baseline, attempt, key)
  const said = Math.max(0, evidence.natsOf(signal.resource)) + Math.max(0, evidence.natsOf(signal.provenance))
  const share = isLowRead(attempt) ? model.argument.readShare : 1
  const nats = share * weights[signal.argument]! * found.nats - said
  if (nats <= 0) return
  evidence.say(signal.argument, nats, {
    ...plainFact(session, tool, nats),
    code: found.name === '' ? 'arguments-new-form' : 'argument-new',
    name: fitText(found.name, limits.nameBytes),
    count: found.known,
  })
}

const judgeRate = (session: Session, { expected, weights, now }: Grounds, tool: string): void => {
  countCall(session, silenceMs(session.lastCallAt, now))
  session.lastCallAt = Math.max(session.lastCallAt, now)
  if (weights[signal.rate] === 0) return
  const nats = weights[signal.rate]! * rateNats(session, expected.rate)
  if (nats > 0 && isNoteworthy(session, signal.rate, nats))
    rememberFact(session, signal.rate, {
      ...plainFact(session, tool, nats),
      code: 'rate-high',
      count: Math.round(session.rateCalls),
      usual: Math.round(usualCalls(session, expected.rate)),
    })
  session.evidence[signal.rate] = nats
}

// What an agent reads next, and how it asks for it, says little about whose will it follows.
const isLowRead = ({ readOnly, sensitivity, mode }: InvocationAttempted): boolean =>
  readOnly && sensitivity <= 1 && mode !== 'gate'

const plainFact = (session: Session, tool: string, nats: number): Omit<Fact, 'code'> => ({
  nats,
  call: session.calls,
  tool,
  name: '',
  kind: 'other',
  count: 0,
  usual: 0,
})
