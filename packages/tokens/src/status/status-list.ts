import { deflateSync, inflateSync } from 'node:zlib'

import { decodeBase64Url } from '../compact-jws.ts'
import { TokenError } from '../token-error.ts'

/** draft-ietf-oauth-status-list §7.1, and what nobody defined. */
export type Status = 'valid' | 'invalid' | 'suspended' | 'undefined'

/** By their number. */
const statuses: readonly Status[] = ['valid', 'invalid', 'suspended', 'undefined']

/** Two bits: enough for all that is defined. */
const bits = 2
const perByte = 8 / bits

/** Sessions in a list: 256 KB of memory, and a few bytes to send for each that is not valid. */
export const statusListSize: number = 2 ** 20

/** Statuses by index, two bits each, the lowest bits first (§4.1). All are valid in a new one. */
export interface StatusList {
  readonly size: number
  /** @returns `undefined` where the list has no such index */
  get(index: number): Status | undefined
  /** @throws TokenError `STATUS_INVALID` where the list has no such index */
  set(index: number, status: Exclude<Status, 'undefined'>): void
  /** `lst` (§4.2): compressed, in base64url. */
  encode(): string
}

/** @param size a multiple of 4 */
export const createStatusList = (size: number = statusListSize): StatusList =>
  listOf(Buffer.alloc(Math.ceil(size / perByte)))

/** @returns `undefined` where it is no list, or one of more than `statusListSize` */
export const decodeStatusList = (lst: string): StatusList | undefined => {
  const packed = decodeBase64Url(lst)
  if (packed === undefined) return undefined
  try {
    return listOf(inflateSync(packed, { maxOutputLength: statusListSize / perByte }))
  } catch {
    // What does not inflate, or to too much, is the caller's to refuse.
    return undefined
  }
}

const listOf = (bytes: Buffer): StatusList => {
  const size = bytes.length * perByte
  const holds = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < size
  const shiftOf = (index: number): number => (index % perByte) * bits
  return {
    size,
    get(index) {
      if (!holds(index)) return undefined
      return statuses[((bytes[Math.floor(index / perByte)] ?? 0) >> shiftOf(index)) & 3]
    },
    set(index, status) {
      if (!holds(index))
        throw new TokenError('STATUS_INVALID', `status list: expected an index below ${size}, got ${index}`)
      const at = Math.floor(index / perByte)
      const kept = (bytes[at] ?? 0) & ~(3 << shiftOf(index))
      bytes[at] = kept | (statuses.indexOf(status) << shiftOf(index))
    },
    encode: () => deflateSync(bytes, { level: 9 }).toString('base64url'),
  }
}
