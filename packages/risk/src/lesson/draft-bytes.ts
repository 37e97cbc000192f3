import { RiskError } from '../risk-error.ts'
import { ByteReader } from '../session/byte-reader.ts'
import { ByteWriter } from '../session/byte-writer.ts'
import { limits } from '../session/limits.ts'
import { standings } from '../standing/standings.ts'
import { LessonDraft } from './lesson-draft.ts'

const writer = new ByteWriter(limits.draftBytes)

/** At most 2 KiB: equal drafts have equal bytes. */
export const encodeDraft = (draft: LessonDraft): Buffer => {
  writer.u8(standings.indexOf(draft.worst))
  writer.f64(draft.peak)
  writer.u32(draft.calls)
  writer.f64(draft.elapsedMs)
  writer.u8(draft.previous)
  writer.u8(draft.beforeThat)
  writer.u8(draft.tools.length)
  for (const tool of draft.tools) {
    writer.u8(tool.position)
    writer.u8(tool.sensitivity)
    // Counts up to 3 each.
    writer.u8(tool.calls | (tool.succeeded << 2) | (tool.failed << 4) | (tool.sized << 6))
    writer.u8(tool.untainted | (tool.foreign << 2) | (tool.targets << 4) | (tool.others << 6))
  }
  writeBytes(draft.pairs)
  writeBytes(draft.triples)
  writer.u8(draft.resources.length / 3)
  for (let at = 0; at < draft.resources.length; at += 3) {
    writer.u8(draft.resources[at]!)
    writer.i32(draft.resources[at + 1]!)
    writer.u8(draft.resources[at + 2]!)
  }
  writer.u8(draft.parameters.length)
  writer.i32s(draft.parameters)
  writer.u8(draft.entities.length)
  writer.i32s(draft.entities)
  writeBytes(draft.sizes)
  writeBytes(draft.routes)
  writeBytes(draft.fromText)
  return writer.take()
}

/** @throws RiskError `SESSION_STATE_MALFORMED` */
export const decodeDraft = (bytes: Uint8Array): LessonDraft => {
  try {
    return readDraft(new ByteReader(bytes))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new RiskError(
      'SESSION_STATE_MALFORMED',
      `session state: expected an encoded lesson, got ${bytes.length} bytes of another form`,
    )
  }
}

const writeBytes = (values: readonly number[]): void => {
  writer.u8(values.length)
  for (let index = 0; index < values.length; index += 1) writer.u8(values[index]!)
}

const readDraft = (reader: ByteReader): LessonDraft => {
  const draft = new LessonDraft()
  draft.worst = standings[reader.u8()] ?? 'unknown'
  draft.peak = reader.f64()
  draft.calls = reader.u32()
  draft.elapsedMs = reader.f64()
  draft.previous = reader.u8()
  draft.beforeThat = reader.u8()
  for (let left = reader.u8(); left > 0; left -= 1) {
    const position = reader.u8()
    const sensitivity = reader.u8()
    const counts = reader.u8()
    const sinks = reader.u8()
    draft.tools.push({
      position,
      sensitivity,
      calls: counts & 3,
      succeeded: (counts >> 2) & 3,
      failed: (counts >> 4) & 3,
      untainted: sinks & 3,
      foreign: (sinks >> 2) & 3,
      targets: (sinks >> 4) & 3,
      others: sinks >> 6,
      sized: counts >> 6,
    })
  }
  readBytes(reader, draft.pairs)
  readBytes(reader, draft.triples)
  for (let left = reader.u8(); left > 0; left -= 1)
    draft.resources.push(reader.u8(), reader.i32(), reader.u8())
  for (let left = reader.u8(); left > 0; left -= 1) draft.parameters.push(reader.i32())
  for (let left = reader.u8(); left > 0; left -= 1) draft.entities.push(reader.i32())
  readBytes(reader, draft.sizes)
  // Drafts that were stored before these were counted end here.
  if (reader.left > 0) readBytes(reader, draft.routes)
  if (reader.left > 0) readBytes(reader, draft.fromText)
  return draft
}

const readBytes = (reader: ByteReader, into: number[]): void => {
  for (let left = reader.u8(); left > 0; left -= 1) into.push(reader.u8())
}
