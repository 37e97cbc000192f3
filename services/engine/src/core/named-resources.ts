import type { EntityKind, Resource, ResourceKind } from '@cordon/schemas'

import type { Extraction } from '../ports.ts'

/** A statement over more tables, or a call with more recipients, is told by its count. */
const maxResources = 64
/** A longer path or table name is told by its digest. */
const maxNameCharacters = 256

/** Whose name is personal, and as what kind of entity it shows up elsewhere. */
const pseudonymKinds: Readonly<Partial<Record<ResourceKind, EntityKind>>> = {
  recipient: 'email',
  account: 'account',
}

const hexadecimal = (fingerprint: number): string => fingerprint.toString(16).padStart(13, '0')

const nameOf = (kind: ResourceKind, name: string, { fingerprint, digest }: NameExtraction): string => {
  const entityKind = pseudonymKinds[kind]
  if (entityKind !== undefined) return hexadecimal(fingerprint(entityKind, name))
  return name.length <= maxNameCharacters ? name : `sha256:${digest(name).toString('hex')}`
}

type NameExtraction = Pick<Extraction, 'fingerprint' | 'digest'>

/** Resources as they may be published: people and accounts as pseudonyms, everything within bounds. */
export const nameResources = (
  found: ReturnType<Extraction['resources']>,
  extraction: NameExtraction,
): readonly Resource[] => {
  const named = found
    .slice(0, maxResources)
    .map(({ kind, name }): Resource => ({ kind, name: nameOf(kind, name, extraction) }))
  if (found.length <= maxResources) return named
  return [...named.slice(0, -1), { kind: 'other', name: `more:${found.length - maxResources + 1}` }]
}
