import type { Type } from 'avsc'

import { SerdeError } from './serde-error.ts'
import { headerLength, writeHeader } from './wire-format.ts'

const firstScratchBytes = 4 * 1024
// A rare giant record must not keep its memory for the life of the process.
const keptScratchBytes = 1024 * 1024

/** Turns values into records of the wire format. */
export type RecordWriter = (schemaId: number, type: Type, value: unknown) => Buffer

/** Encodes into one scratch buffer and copies out what was written: 2-3 times as fast as avsc's `toBuffer`. */
export const createRecordWriter = (): RecordWriter => {
  let scratch = Buffer.allocUnsafeSlow(firstScratchBytes)
  return (schemaId, type, value) => {
    let end = encode(type, value, scratch)
    while (end < 0) {
      // Negative: so many bytes were missing.
      scratch = Buffer.allocUnsafeSlow(nextPowerOfTwo(scratch.length - end))
      end = encode(type, value, scratch)
    }
    writeHeader(scratch, schemaId)
    const record = Buffer.allocUnsafe(end)
    scratch.copy(record, 0, 0, end)
    if (scratch.length > keptScratchBytes) scratch = Buffer.allocUnsafeSlow(firstScratchBytes)
    return record
  }
}

const nextPowerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(least))

const encode = (type: Type, value: unknown, target: Buffer): number => {
  try {
    return type.encode(value, target, headerLength)
  } catch {
    // What avsc throws repeats the value, which may be anything that an agent sent.
    throw invalid(type, value)
  }
}

const invalid = (type: Type, value: unknown): SerdeError => {
  const wrong: string[] = []
  type.isValid(value, {
    errorHook: (path, part, expected) => {
      wrong.push(`${path.join('.') || 'value'}: expected ${expected.typeName}, got ${kindOf(part)}`)
    },
  })
  return new SerdeError(
    'VALUE_INVALID',
    `${type.name}: ${wrong.join('; ') || 'expected a valid value, got another'}`,
  )
}

const kindOf = (value: unknown): string => (value === null ? 'null' : typeof value)
