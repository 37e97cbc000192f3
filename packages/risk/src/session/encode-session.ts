import { factCodes } from '../signals/fact.ts'
import type { Fact, FactCode } from '../signals/fact.ts'
import { signal, signalNames } from '../signals/signal.ts'
import { standings } from '../standing/standings.ts'
import { works } from '../standing/work.ts'
import { ByteWriter } from './byte-writer.ts'
import { factKinds } from './fact-kinds.ts'
import { limits } from './limits.ts'
import { isMerged } from './proof-watch.ts'
import type { Session } from './session.ts'
import { wordingBytes } from './word-filter.ts'
import type { WordFilter } from './word-filter.ts'

/**
 * Versions of the encoding, the first byte. 2 has the bytes of 1: from it on, the scorer keeps a signed standing beside them,
 * which whoever knows only 1 would drop. So it has to refuse them. 3 knows two more signals and the sort of work, 4 one more
 * signal and which baselines the session began with, 5 which of the calls that were proved are missing, 6 the fact that a proof
 * was replayed, 7 the running text that was read, 8 the facts that a tool's definition changed or is not the pinned one,
 * 9 the words of what the human asked for, 10 of which numbers of proofs it is known that they were used, and that one was twice, when each
 * engine last let a call pass, how many calls a gap misses, and no more when one was last refused for its rate, 11 up to when engines were
 * forgotten.
 */
export const sessionEncodings = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const
export type SessionEncoding = (typeof sessionEncodings)[number]

/** What is written where nobody says otherwise. */
export const newestEncoding: SessionEncoding = 11

/** How many signals an encoding has. */
export const signalsOf = (encoding: SessionEncoding): number =>
  encoding < 3 ? 6 : encoding === 3 ? 8 : signalNames.length

/** Accounts of servers that encodings before 3 have. */
export const accountsBefore3 = 8

const writer = new ByteWriter(limits.stateBytes)

/** The session's state as bytes, at most 4 KiB: equal states have equal bytes. */
export const encodeSession = (session: Session, encoding: SessionEncoding = newestEncoding): Buffer => {
  writer.u8(encoding)
  writeCore(session)
  if (encoding >= 5) writeProofs(session, encoding)
  if (encoding >= 3) writer.u8(works.indexOf(session.work))
  if (encoding >= 4) writePins(session)
  writer.f64s(evidenceFor(session, encoding))
  writeResources(session)
  writeTools(session, encoding)
  if (encoding < 3) writeAccounts(session)
  writeRing(session)
  writeSequences(session, encoding)
  writeEntities(session, encoding)
  if (encoding >= 7) writeWording(session)
  if (encoding >= 9) writeAsked(session)
  writeFacts(session, encoding)
  return writer.take()
}

const writeCore = (session: Session): void => {
  writer.text(session.agentId)
  writer.text(session.role)
  writer.u8(standings.indexOf(session.standing))
  writer.f64(session.standingSince)
  writer.f64(session.lastAt)
  writer.u8(session.conforming)
  writer.u8(session.band)
  writer.u8(session.sensitivity)
  writer.u32(session.calls)
  writer.i32(session.previous)
  writer.i32(session.beforeThat)
  writer.f64(session.lastCallAt)
  writer.f64(session.rateCalls)
  writer.f64(session.rateMs)
  writer.u16(session.outcomes)
  writer.u16(session.failures)
}

const writeResources = ({ resourceCount, resources }: Session): void => {
  writer.u32(resourceCount)
  writer.i32s(resources)
}

// No evidence is lost on the way back to a scorer that knows fewer signals.
const evidenceFor = ({ evidence }: Session, encoding: SessionEncoding): readonly number[] => {
  if (encoding >= 4) return evidence
  const fewer = evidence.slice(0, signalsOf(encoding))
  fewer[signal.tool]! += evidence[signal.history]!
  if (encoding >= 3) return fewer
  fewer[signal.tool]! += evidence[signal.argument]!
  fewer[signal.failures]! += evidence[signal.volume]!
  return fewer
}

// Older scorers do not know the words for it; its evidence stays.
const factFor = (fact: Fact | undefined, encoding: SessionEncoding): Fact | undefined =>
  fact !== undefined && encoding < firstEncodingOf(fact.code) ? undefined : fact

const firstEncodingOf = (code: FactCode): SessionEncoding => {
  if (code === 'sequence-reused') return 10
  if (code === 'definition-changed' || code === 'definition-unpinned') return 8
  if (code === 'argument-from-text') return 7
  return code === 'proof-replayed' ? 6 : code === 'calls-unreported' ? 5 : 1
}

/** No number: `maxProofSequence` is smaller. */
export const unknownNext: number = 2 ** 32 - 1

const writeProofs = ({ proofs }: Session, encoding: SessionEncoding): void => {
  // Older scorers would take all numbers of a merged gap for missing.
  const gaps = encoding >= 10 ? proofs.gaps : proofs.gaps.filter(gap => !isMerged(gap))
  writer.u8(gaps.length)
  writer.u32(proofs.next ?? unknownNext)
  // When a call was last refused for its rate: what followed was forgiven once.
  if (encoding < 10) writer.u32(0)
  for (const { from, to, since } of gaps) {
    writer.u32(from)
    writer.u32(to)
    writer.u32(since)
  }
  if (encoding < 10) return
  writer.u8(gaps.reduce((merged, gap, place) => merged | (isMerged(gap) ? 1 << place : 0), 0))
  for (const gap of gaps) if (isMerged(gap)) writer.u32(gap.missing)
  writer.u32(proofs.forgottenBelow)
}

const writePins = ({ pins }: Session): void => {
  writer.u32(pins.version)
  writer.u32(pins.agent)
  writer.u32(pins.role)
  writer.u32(pins.all)
}

/** Before 3 the evidence of provenance stood a second time, by the server that it came from. */
const writeAccounts = ({ evidence }: Session): void => {
  writer.u8(0)
  writer.f64(evidence[signal.provenance]!)
  for (let account = 1; account < accountsBefore3; account += 1) writer.f64(0)
}

const writeTools = ({ tools }: Session, encoding: SessionEncoding): void => {
  writer.u8(tools.names.length)
  for (let position = 0; position < tools.names.length; position += 1) {
    writer.text(tools.names[position]!)
    writer.i32(tools.keyAt(position))
    writer.u8(tools.callsAt(position))
    if (encoding < 3) writer.u8(0)
  }
}

const writeRing = ({ ring }: Session): void => {
  writer.u8(ring.size)
  for (let turn = 0; turn < ring.size; turn += 1) {
    const place = ring.placeOf(turn)
    writer.f64(ring.idAt(place))
    writer.u32(ring.callAt(place))
    writer.u8(ring.marksAt(place))
  }
}

const writeSequences = ({ sequences }: Session, encoding: SessionEncoding): void => {
  writer.u8(sequences.size)
  writer.u8(sequences.oldest)
  writer.u8(sequences.forgot ? 1 : 0)
  writer.u16(sequences.gaps)
  if (encoding >= 11) writer.u32(sequences.forgottenUpTo)
  // Older scorers take what an engine did before its latest call for unknown.
  const leastLatest = encoding < 11 ? sequences.forgottenUpTo : 0
  for (let place = 0; place < sequences.size; place += 1) {
    writer.i32(sequences.engineAt(place))
    if (encoding < 10) writer.f64(sequences.expectedAt(place))
    else {
      writer.u32(sequences.expectedAt(place))
      writer.u32(Math.max(leastLatest, sequences.latestAt(place)))
    }
  }
}

const writeEntities = ({ origins, entities }: Session, encoding: SessionEncoding): void => {
  writer.u8(origins.size)
  for (let origin = 1; origin <= origins.size; origin += 1) {
    writer.u32(origins.callOf(origin))
    writer.u8(origins.toolOf(origin))
  }
  const { overflowed, spilled } = entities
  writer.u8(encoding >= 7 ? (overflowed ? 1 : 0) | (spilled ? 2 : 0) : overflowed || spilled ? 1 : 0)
  writer.u16(entities.size)
  for (let position = 0; position < entities.size; position += 1) {
    writer.i32(entities.keyAt(position))
    writer.u8(entities.originAt(position))
  }
}

/** In place of how many positions follow: a bit for each does. */
export const densePositions = 0xffff

// Used again and again: a filter with more is written densely.
const places = new Uint16Array(wordingBytes / 2)

const writeWording = ({ wording, given }: Session): void => {
  writer.u8(given.length)
  writer.i32s(given)
  const { bytes } = wording
  if (bytes === undefined) return writer.u16(0)
  if (wording.size * 2 >= wordingBytes) {
    writer.u16(densePositions)
    return writer.bytes(bytes)
  }
  return writeSparse(wording)
}

const writeSparse = (filter: WordFilter): void => {
  filter.positions(places)
  writer.u16(filter.size)
  for (let at = 0; at < filter.size; at += 1) writer.u16(places[at]!)
}

/** At a session's bounds they give way to what explains its evidence: a value that nobody knows was asked for counts for more. */
const writeAsked = ({ asked }: Session): void => {
  const bytes = 2 * asked.size
  const isRoom = bytes < wordingBytes && writer.room >= 2 + bytes + signalNames.length * bareFactBytes
  return isRoom ? writeSparse(asked) : writer.u16(0)
}

/** Without names: a code, 8 bytes of nats, four numbers, two empty names. */
const bareFactBytes = 26
const largestFactBytes = bareFactBytes + 2 * limits.nameBytes

/**
 * Evidence always has room, what explains it nearly always. Of a session that is at every bound at once the names in facts are left out, the
 * last first, and then whole facts.
 */
const writeFacts = (session: Session, encoding: SessionEncoding): void => {
  const signals = signalsOf(encoding)
  const isRoomy = writer.room >= signals * largestFactBytes
  for (let signal = 0; signal < signals; signal += 1) {
    const fact = factFor(session.facts[signal], encoding)
    writeFact(session, isRoomy ? fact : factWithin(writer.room, signals - signal - 1, fact))
  }
}

/** @param after how many more may follow */
const factWithin = (room: number, after: number, fact: Fact | undefined): Fact | undefined => {
  if (fact === undefined || room >= largestFactBytes + after * bareFactBytes) return fact
  return room >= bareFactBytes + after ? { ...fact, tool: '', name: '' } : undefined
}

const writeFact = (session: Session, fact: Fact | undefined): void => {
  if (fact === undefined) {
    writer.u8(255)
    return
  }
  writer.u8(factCodes.indexOf(fact.code))
  writer.f64(fact.nats)
  writer.u32(fact.call)
  writer.u8(factKinds.indexOf(fact.kind))
  writer.u32(fact.count)
  writer.u32(fact.usual)
  writeName(session, fact.tool)
  writeName(session, fact.name)
}

// Most names are of the session's tools: their position stands for them.
const writeName = (session: Session, name: string): void => {
  const position = session.tools.names.indexOf(name)
  writer.u8(position < 0 ? 255 : position)
  if (position < 0) writer.text(name)
}
