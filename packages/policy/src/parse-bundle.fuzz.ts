import { CordonError } from '@cordon/foundation'

import { parseBundle } from './parse-bundle.ts'

const entry =
  '{"readOnly":true,"sensitivity":1,"mode":"gate","resources":[{"kind":"path","argument":"path","syntax":"path"}]}'

export const seeds: readonly Buffer[] = [
  `{"version":1,"catalogue":{"files/read":${entry}},"roles":{"analyst":{"priorLogit":-4}},"thresholds":{"verify":1,"readOnly":2,"suspend":3},"failSafe":{"staleAfterMs":5000}}`,
  '{"version":-1,"catalogue":{"__proto__":[]}}',
].map(text => Buffer.from(text))

export const run = (bytes: Buffer): void => {
  try {
    parseBundle(bytes.toString('utf8'), 'fuzzed')
  } catch (error) {
    if (!(error instanceof CordonError)) throw error
  }
}
