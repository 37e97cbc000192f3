import { createCipheriv, createHmac, type KeyObject } from 'node:crypto'

import { wordingBits } from './word-marks.ts'
import { requestWording } from './wording.ts'

const denseBytes = wordingBits / 8

/**
 * Positions as bytes: each as 16 bits, little-endian and in ascending order, or where these would be more, one bit for every
 * position, the lowest first. Equal sets have equal bytes.
 */
export const encodeWording = (positions: ReadonlySet<number>): Buffer => {
  if (positions.size * 2 < denseBytes) {
    const sparse = Buffer.alloc(positions.size * 2)
    for (const [index, position] of [...positions].sort((a, b) => a - b).entries())
      sparse.writeUInt16LE(position, index * 2)
    return sparse
  }
  const dense = Buffer.alloc(denseBytes)
  for (const position of positions) dense[position >> 3]! |= 1 << (position & 7)
  return dense
}

/** What `encodeWording` wrote; positions beyond the filter and an odd byte at the end are left out. */
export const decodeWording = (bytes: Uint8Array): ReadonlySet<number> => {
  const positions = new Set<number>()
  if (bytes.length >= denseBytes) {
    for (let position = 0; position < wordingBits; position += 1)
      if ((bytes[position >> 3]! & (1 << (position & 7))) !== 0) positions.add(position)
    return positions
  }
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const position = bytes[at]! | (bytes[at + 1]! << 8)
    if (position < wordingBits) positions.add(position)
  }
  return positions
}

/**
 * Where each position goes under the deployment's key: without it nobody can look words up in a filter.
 * @param key the fingerprint key (`createSecretKey`)
 */
export const wordingPermutation = (key: KeyObject): Uint16Array => {
  const seed = createHmac('sha256', key).update('wording').digest()
  const stream = createCipheriv('aes-256-ctr', seed, Buffer.alloc(16)).update(Buffer.alloc(wordingBits * 4))
  const places = Uint16Array.from({ length: wordingBits }, (_, position) => position)
  // Fisher and Yates; 32 bits for each of 8,192 places leave no bias that could be seen.
  for (let left = wordingBits - 1; left > 0; left -= 1) {
    const other = stream.readUInt32LE(left * 4) % (left + 1)
    const taken = places[left]!
    places[left] = places[other]!
    places[other] = taken
  }
  return places
}

/**
 * Words of requests as bytes, each position where only the key finds it.
 * @param key the fingerprint key (`createSecretKey`)
 */
export const scatteredRequestWording = (key: KeyObject): ((request: string) => Buffer) => {
  const places = wordingPermutation(key)
  return request => encodeWording(new Set([...requestWording(request)].map(position => places[position]!)))
}

const positionBits = 13
const halfBits = 2 * positionBits

/** Where an entity stands in the filter: the 52 bits of its fingerprint, which is keyed already. */
export const positionsOfFingerprint = (fingerprint: number): readonly number[] =>
  [Math.floor(fingerprint / 2 ** halfBits), fingerprint % 2 ** halfBits].flatMap(half => [
    half >> positionBits,
    half & (wordingBits - 1),
  ])
