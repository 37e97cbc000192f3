import type { KeyObject } from 'node:crypto'
import { hash } from 'node:crypto'

import {
  argumentsShape,
  argumentValues,
  extractEntities,
  extractResources,
  fingerprint,
  loadExtraction,
} from '@cordon/extraction'

import type { Extraction } from '../ports.ts'

/** More than a record carries, so that the targets are cut last. */
const entityLimit = 64

/** Extraction in this process. @param fingerprintKey the deployment's: with another one nothing joins */
export const openLocalExtraction = async (fingerprintKey: KeyObject): Promise<Extraction> => {
  await loadExtraction()
  return {
    resources: extractResources,
    targets: (extractors, args) =>
      extractEntities(
        extractors.flatMap(({ argument }) => argumentValues(args, argument)),
        { limit: entityLimit },
      ),
    entities: args => extractEntities(args, { limit: entityLimit }),
    fingerprint: (kind, value) => fingerprint(fingerprintKey, kind, value),
    argumentsShape,
    digest: text => hash('sha256', text, 'buffer'),
  }
}
