import type { KeyObject } from 'node:crypto'
import { hash } from 'node:crypto'

import {
  argumentsShape,
  decodeWording,
  encodeWording,
  extractMentions,
  extractParameters,
  extractResources,
  extractTargets,
  fingerprint,
  loadExtraction,
  positionsOfFingerprint,
  wordingOfValue,
  wordingPermutation,
} from '@cordon/extraction'

import type { Extraction } from '../ports.ts'

/** More than a record carries, so that the targets are cut last. */
const entityLimit = 64

/** Extraction in this process. @param fingerprintKey the deployment's: with another one nothing joins */
export const openLocalExtraction = async (fingerprintKey: KeyObject): Promise<Extraction> => {
  await loadExtraction()
  const places = wordingPermutation(fingerprintKey)
  const placeOf = (position: number): number => places[position]!
  return {
    resources: extractResources,
    targets: (extractors, args) => extractTargets(extractors, args, { limit: entityLimit }),
    entities: args => extractMentions(args, { limit: entityLimit }),
    fingerprint: (kind, value) => fingerprint(fingerprintKey, kind, value),
    parameters: extractParameters,
    parameterFingerprint: (name, value) => fingerprint(fingerprintKey, 'other', `${name}\0${value}`),
    valueWording: value => wordingOfValue(value).map(placeOf),
    resultWording: (reported, fingerprints) =>
      encodeWording(
        new Set([
          ...[...decodeWording(Buffer.from(reported, 'base64'))].map(placeOf),
          ...fingerprints.flatMap(positionsOfFingerprint),
        ]),
      ),
    argumentsShape,
    digest: text => hash('sha256', text, 'buffer'),
  }
}
