import { readFile } from 'node:fs/promises'

import type { SpoolRecord } from './frame.ts'
import { readFrame } from './frame.ts'

/** Says what the file is, and its version. */
const magic = Buffer.from('CORDSPL1', 'latin1')
/** The magic, then the number of the first record. */
export const headerBytes = 16

export const segmentHeader = (first: number): Buffer => {
  const header = Buffer.alloc(headerBytes)
  magic.copy(header)
  header.writeBigUInt64BE(BigInt(first), magic.length)
  return header
}

/** What a segment's file holds. */
export interface SegmentContent {
  /** Number of the first record. */
  readonly first: number
  readonly records: readonly SpoolRecord[]
  /** What follows the last of them: nothing, a write that was cut short, or what nobody wrote. */
  readonly ending: 'end' | 'torn' | 'corrupt'
}

/** @returns `undefined` for a file that was only prepared */
export const readSegment = async (path: string): Promise<SegmentContent | undefined> => {
  const bytes = await readFile(path)
  const header = bytes.subarray(0, headerBytes)
  if (header.every(byte => byte === 0)) return undefined
  if (header.length < headerBytes || !header.subarray(0, magic.length).equals(magic)) {
    return { first: 0, records: [], ending: 'corrupt' }
  }
  const records: SpoolRecord[] = []
  for (let at = headerBytes; ;) {
    const read = readFrame(bytes, at)
    if (read.kind !== 'record') {
      return { first: Number(header.readBigUInt64BE(magic.length)), records, ending: read.kind }
    }
    records.push(read.record)
    at = read.end
  }
}
