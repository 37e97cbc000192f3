import type { LessonDraft } from '../lesson/lesson-draft.ts'
import { RiskError } from '../risk-error.ts'
import { factCodes } from '../signals/fact.ts'
import type { Fact } from '../signals/fact.ts'
import { signalNames } from '../signals/signal.ts'
import { standings } from '../standing/standings.ts'
import { works } from '../standing/work.ts'
import { ByteReader } from './byte-reader.ts'
import {
  accountsBefore3,
  densePositions,
  sessionEncodings,
  signalsOf,
  unknownNext,
} from './encode-session.ts'
import type { SessionEncoding } from './encode-session.ts'
import { factKinds } from './fact-kinds.ts'
import { seen } from './invocation-ring.ts'
import { limits } from './limits.ts'
import { secondsOf } from './sequence-watch.ts'
import { Session } from './session.ts'
import { wordingBits, wordingBytes } from './word-filter.ts'

/** Where a session stands: what time alone may change, and the only part of it that whoever keeps time has to know. */
export type SessionGlance = Pick<Session, 'standing' | 'standingSince' | 'band' | 'isAwaiting'>

/**
 * @param draft what the session would teach: `decodeDraft`
 * @throws RiskError `SESSION_STATE_MALFORMED`
 */
export const decodeSession = (bytes: Uint8Array, draft?: LessonDraft): Session =>
  decode(bytes, reader => readSession(reader, draft))

/** Reads no more than it answers: a restored partition has tens of thousands of sessions. @throws RiskError `SESSION_STATE_MALFORMED` */
export const glanceAtSession = (bytes: Uint8Array): SessionGlance => decode(bytes, readGlance)

const decode = <Read>(bytes: Uint8Array, read: (reader: ByteReader) => Read): Read => {
  try {
    return read(new ByteReader(bytes))
  } catch (error) {
    if (error instanceof RiskError) throw error
    if (error instanceof RangeError || error instanceof TypeError)
      throw malformed(`expected an encoded session, got ${bytes.length} bytes of another form`)
    throw error
  }
}

const malformed = (problem: string): RiskError =>
  new RiskError('SESSION_STATE_MALFORMED', `session state: ${problem}`)

const readSession = (reader: ByteReader, draft: LessonDraft | undefined): Session => {
  const encoding = readEncoding(reader)
  const session = new Session(draft)
  readCore(reader, session)
  if (encoding >= 5) readProofs(reader, session, encoding)
  // Nobody has counted so far.
  else session.proofs.next = undefined
  if (encoding >= 3) session.work = pick(works, reader.u8())
  if (encoding >= 4)
    session.pins = { version: reader.u32(), agent: reader.u32(), role: reader.u32(), all: reader.u32() }
  const signals = signalsOf(encoding)
  for (let signal = 0; signal < signals; signal += 1) session.evidence[signal] = reader.f64()
  readResources(reader, session)
  readTools(reader, session, encoding)
  readRing(reader, session)
  readSequences(reader, session, encoding)
  readEntities(reader, session)
  if (encoding >= 7) readWording(reader, session)
  if (encoding >= 9) session.asked.add(reader.bytes(2 * atMost(wordingBytes / 2 - 1, reader.u16())))
  session.facts = signalNames.map((_, signal) => (signal < signals ? readFact(reader, session) : undefined))
  if (reader.left > 0) throw malformed(`expected its end, got ${reader.left} more bytes`)
  return session
}

const readEncoding = (reader: ByteReader): SessionEncoding => {
  const encoding = reader.u8()
  const known = sessionEncodings.find(version => version === encoding)
  if (known === undefined)
    throw malformed(`expected encoding ${sessionEncodings.join(', ')}, got ${encoding}`)
  return known
}

// The front of the core, field by field as `readCore` reads it.
const readGlance = (reader: ByteReader): SessionGlance => {
  const encoding = readEncoding(reader)
  reader.skipText() // agent
  reader.skipText() // role
  const standing = pick(standings, reader.u8())
  const standingSince = reader.f64()
  reader.skip(9) // time of the latest event, conforming calls
  const band = reader.u8()
  reader.skip(41) // the rest of the core
  return { standing, standingSince, band, isAwaiting: encoding >= 5 && reader.u8() > 0 }
}

/** Encodings before 7 had room for so many. */
const mostEntities = 368

const atMost = (limit: number, count: number): number => {
  if (count <= limit) return count
  throw malformed(`expected at most ${limit} entries, got ${count}`)
}

const pick = <Item>(items: readonly Item[], position: number): Item => {
  const item = items[position]
  if (item === undefined) throw malformed(`expected a position below ${items.length}, got ${position}`)
  return item
}

const readCore = (reader: ByteReader, session: Session): void => {
  session.agentId = reader.text()
  session.role = reader.text()
  session.standing = pick(standings, reader.u8())
  session.standingSince = reader.f64()
  session.lastAt = reader.f64()
  session.conforming = reader.u8()
  session.band = reader.u8()
  session.sensitivity = reader.u8()
  session.calls = reader.u32()
  session.previous = reader.i32()
  session.beforeThat = reader.i32()
  session.lastCallAt = reader.f64()
  session.rateCalls = reader.f64()
  session.rateMs = reader.f64()
  session.outcomes = reader.u16()
  session.failures = reader.u16()
}

const readProofs = (reader: ByteReader, { proofs }: Session, encoding: SessionEncoding): void => {
  const gaps = atMost(limits.gaps, reader.u8())
  const next = reader.u32()
  proofs.next = next === unknownNext ? undefined : next
  if (encoding < 10) reader.skip(4) // when a call was last refused for its rate
  const spans = Array.from({ length: gaps }, () => ({
    from: reader.u32(),
    to: reader.u32(),
    since: reader.u32(),
  }))
  const merged = encoding >= 10 ? reader.u8() : 0
  for (const [place, span] of spans.entries()) {
    const isMerged = (merged & (1 << place)) !== 0
    proofs.restore({ ...span, missing: isMerged ? reader.u32() : span.to - span.from })
  }
  proofs.forgottenBelow = encoding >= 10 ? reader.u32() : (proofs.next ?? 0)
}

const readResources = (reader: ByteReader, session: Session): void => {
  session.resourceCount = reader.u32()
  const resources = Math.min(session.resourceCount, limits.resources)
  for (let position = 0; position < resources; position += 1) session.resources.push(reader.i32())
}

const readTools = (reader: ByteReader, { tools }: Session, encoding: SessionEncoding): void => {
  const count = atMost(limits.tools, reader.u8())
  for (let position = 0; position < count; position += 1) {
    tools.restore(reader.text(), reader.i32(), reader.u8())
    if (encoding < 3) reader.skip(1) // account
  }
  if (encoding < 3) skipAccounts(reader)
}

/** The evidence of provenance by server, which the signal's own is the sum of. */
const skipAccounts = (reader: ByteReader): void => {
  const servers = atMost(accountsBefore3 - 1, reader.u8())
  reader.skip(4 * servers + 8 * accountsBefore3)
}

const readRing = (reader: ByteReader, { ring }: Session): void => {
  const held = atMost(limits.invocations, reader.u8())
  for (let turn = 0; turn < held; turn += 1) {
    const place = ring.add(reader.f64(), reader.u32())
    ring.mark(place, atMost(seen.attempt | seen.completion | seen.denial, reader.u8()))
  }
}

const readSequences = (reader: ByteReader, session: Session, encoding: SessionEncoding): void => {
  const { sequences, lastAt } = session
  const engines = atMost(limits.engines, reader.u8())
  sequences.oldest = atMost(limits.engines - 1, reader.u8())
  sequences.forgot = reader.u8() === 1
  sequences.gaps = reader.u16()
  if (encoding >= 11) sequences.forgottenUpTo = reader.u32()
  // Which engines were dropped when, nobody knows: anything so far may have been theirs.
  else if (sequences.forgot) sequences.forgottenUpTo = secondsOf(lastAt)
  for (let place = 0; place < engines; place += 1) {
    const engine = reader.i32()
    if (encoding < 10) sequences.restore(engine, reader.f64(), 0)
    else sequences.restore(engine, reader.u32(), reader.u32())
  }
}

const readEntities = (reader: ByteReader, { origins, entities }: Session): void => {
  const originCount = atMost(limits.origins, reader.u8())
  for (let origin = 1; origin <= originCount; origin += 1) origins.add(reader.u32(), reader.u8())
  const marks = atMost(3, reader.u8())
  const size = atMost(mostEntities, reader.u16())
  for (let position = 0; position < size; position += 1)
    if (!entities.add(reader.i32(), atMost(limits.origins, reader.u8()))) entities.overflowed = true
  if ((marks & 1) !== 0) entities.overflowed = true
  entities.spilled = (marks & 2) !== 0
}

const readWording = (reader: ByteReader, { given, wording }: Session): void => {
  for (let left = atMost(limits.given, reader.u8()); left > 0; left -= 1) given.push(reader.i32())
  const count = reader.u16()
  if (count === densePositions) wording.add(reader.bytes(wordingBytes))
  else wording.add(reader.bytes(2 * atMost(wordingBits, count)))
}

const readFact = (reader: ByteReader, session: Session): Fact | undefined => {
  const code = reader.u8()
  if (code === 255) return undefined
  return {
    code: pick(factCodes, code),
    nats: reader.f64(),
    call: reader.u32(),
    kind: pick(factKinds, reader.u8()),
    count: reader.u32(),
    usual: reader.u32(),
    tool: readName(reader, session),
    name: readName(reader, session),
  }
}

const readName = (reader: ByteReader, session: Session): string => {
  const position = reader.u8()
  return position === 255 ? reader.text() : pick(session.tools.names, position)
}
