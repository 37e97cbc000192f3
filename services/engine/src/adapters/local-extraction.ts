import type { KeyObject } from 'node:crypto'
import { hash } from 'node:crypto'

import {
  argumentsShape,
  extractMentions,
  extractParameters,
  extractResources,
  extractTargets,
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
    targets: (extractors, args) => extractTargets(extractors, args, { limit: entityLimit }),
    entities: args => extractMentions(args, { limit: entityLimit }),
    fingerprint: (kind, value) => fingerprint(fingerprintKey, kind, value),
    parameters: extractParameters,
    parameterFingerprint: (name, value) => fingerprint(fingerprintKey, 'other', `${name}\0${value}`),
    argumentsShape,
    digest: text => hash('sha256', text, 'buffer'),
  }
}
