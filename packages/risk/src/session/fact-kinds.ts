import type { Fact } from '../signals/fact.ts'

/** Kinds of resources and entities in the order of the session's encoding: append only. */
export const factKinds: readonly Fact['kind'][] = [
  'other',
  'table',
  'path',
  'host',
  'recipient',
  'account',
  'email',
  'url',
  'identifier',
]
