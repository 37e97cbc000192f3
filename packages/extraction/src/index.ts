export type { KnownForms } from './argument-evidence.ts'
export { argumentEvidence } from './argument-evidence.ts'
export { argumentValues } from './argument-values.ts'
export { argumentsShape } from './arguments-shape.ts'
export { extractEntities, extractMentions } from './entities.ts'
export type { EntityExtraction, ExtractedEntity } from './extracted-entity.ts'
export { fingerprint } from './fingerprint.ts'
export { openFingerprintKey } from './fingerprint-key-file.ts'
export { declaredIntent } from './declared-intent.ts'
export type { ExtractedParameter } from './parameters.ts'
export { extractParameters } from './parameters.ts'
export { extractResources } from './resources.ts'
export type { ExtractionErrorCode } from './sql-reading.ts'
export { loadExtraction } from './sql-reading.ts'
export { extractTargets } from './targets.ts'
export { wordingBits } from './word-marks.ts'
export { extractWording, requestWording, wordingOfValue } from './wording.ts'
export {
  decodeWording,
  encodeWording,
  positionsOfFingerprint,
  scatteredRequestWording,
  wordingPermutation,
} from './wording-bytes.ts'
