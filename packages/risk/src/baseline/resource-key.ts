import type { ResourceKind } from '@cordon/schemas'

import { hashText } from '../hash.ts'

/** In the order of the session's encoding: append only. */
export const resourceKinds: readonly ResourceKind[] = [
  'other',
  'table',
  'path',
  'host',
  'recipient',
  'account',
]

const seedOf: Record<ResourceKind, number> = {
  other: 11,
  table: 12,
  path: 13,
  host: 14,
  recipient: 15,
  account: 16,
}

/** What a resource is known by: 52 bits of kind and name. */
export const resourceKey = (kind: ResourceKind, name: string): number => hashText(name, seedOf[kind])
