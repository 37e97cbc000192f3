import { createHmac, type KeyObject } from 'node:crypto'

import type { EntityKind } from '@cordon/schemas'

/** 52 bits are 13 hexadecimal digits, and the largest round number of them that a double holds exactly. */
const fingerprintDigits = 13

/**
 * The pseudonym of an entity: the first 52 bits of its HMAC-SHA-256. Without the key nobody can try out values.
 * @param key the deployment's fingerprint key (`createSecretKey`)
 * @param value normalised
 */
export const fingerprint = (key: KeyObject, kind: EntityKind, value: string): number =>
  Number.parseInt(
    createHmac('sha256', key).update(`${kind}\0${value}`).digest('hex').slice(0, fingerprintDigits),
    16,
  )
