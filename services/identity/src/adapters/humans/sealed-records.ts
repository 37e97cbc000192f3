import { createHmac, hkdfSync } from 'node:crypto'

import { seal, unseal } from '../keys/sealed-text.ts'

/** Turns records into what may stand in a database: whoever reads it can neither use nor guess what stood in them. */
export interface SealedRecords {
  /**
   * A name, as it can be looked up by. Under a key, not a mere hash: user codes are short enough to try them all.
   * @returns 32 bytes
   */
  readonly digest: (...parts: readonly string[]) => Buffer
  /** @param id digest of the record's */
  seal(kind: string, id: Buffer, body: object): Buffer
  /** @throws IdentityError `SEALED_OTHERWISE` */
  unseal(kind: string, id: Buffer, sealed: Buffer): unknown
}

/** @param sealingKey 32 bytes */
export const createSealedRecords = (sealingKey: Buffer): SealedRecords => {
  const digestKey = Buffer.from(hkdfSync('sha256', sealingKey, '', 'names of OpenID records', 32))
  const nameOf = (kind: string, id: Buffer): string => `OpenID record ${kind} ${id.toString('hex')}`
  return {
    digest: (...parts) => createHmac('sha256', digestKey).update(JSON.stringify(parts)).digest(),
    seal: (kind, id, body) => seal(JSON.stringify(body), nameOf(kind, id), sealingKey),
    unseal: (kind, id, sealed) => JSON.parse(unseal(sealed, nameOf(kind, id), sealingKey)),
  }
}
