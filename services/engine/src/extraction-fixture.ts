import { createHash } from 'node:crypto'

import type { Extraction } from './ports.ts'

const isString = (value: unknown): value is string => typeof value === 'string'

/** Reads what extractors name at the top level; e-mail addresses are the only entities. */
export const fakeExtraction: Extraction = {
  resources: (extractors, args) =>
    extractors.flatMap(({ kind, argument }) =>
      [args[argument]]
        .flat()
        .filter(isString)
        .map(name => ({ kind, name })),
    ),
  targets: (extractors, args) =>
    fakeExtraction.entities(
      extractors.length === 0
        ? args
        : Object.fromEntries(extractors.map(({ argument }) => [argument, args[argument] ?? ''])),
    ),
  entities(args) {
    const values = Object.values(args)
      .flat(2)
      .filter(isString)
      .flatMap(text => text.split(/[^\w.@]/))
      .filter(word => word.includes('@'))
    return {
      entities: values.slice(0, 64).map(value => ({ kind: 'email', value })),
      overflow: values.length > 64,
    }
  },
  fingerprint: (kind, value) => createHash('sha256').update(`${kind}:${value}`).digest().readUIntBE(0, 6),
  parameters: args =>
    Object.entries(args).flatMap(([name, value]) => (isString(value) ? [{ name, value }] : [])),
  parameterFingerprint: (name, value) => fakeExtraction.fingerprint('other', `${name}=${value}`),
  valueWording: value => [value.length],
  resultWording: (reported, fingerprints) =>
    Buffer.concat([Buffer.from(reported, 'base64'), Buffer.from(fingerprints.map(() => 7))]),
  argumentsShape: args => Object.keys(args).length,
  digest: text => createHash('sha256').update(text).digest(),
}
