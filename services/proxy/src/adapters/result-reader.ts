import { hash } from 'node:crypto'

import { encodeWording, extractEntities, extractWording } from '@cordon/extraction'

import type { ResultReader } from '../ports.ts'

/** More characters than any address has; the engine's frames hold no longer ones. */
const maxEntityCharacters = 4096

/** SHA-256 of what goes to the agent, and the entities in what its model gets to see (bounded by the extraction). */
export const resultReader: ResultReader = {
  read(text, result) {
    const { entities, overflow } = extractEntities(result)
    const short = entities.filter(({ value }) => value.length <= maxEntityCharacters)
    return {
      resultBytes: Buffer.byteLength(text),
      resultDigest: hash('sha256', text, 'hex'),
      entities: short.map(({ kind, value }) => ({ kind, value })),
      entitiesOverflow: overflow || short.length < entities.length,
      wording: encodeWording(extractWording(result)).toString('base64'),
    }
  },
}
