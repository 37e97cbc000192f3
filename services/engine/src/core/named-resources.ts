import type { EntityKind, Resource, ResourceKind } from '@cordon/schemas'

import type { Extraction } from '../ports.ts'

/** A longer path or table name is told by its digest. */
const maxNameCharacters = 256

type Naming = Pick<Extraction, 'fingerprint' | 'digest'>

/** Whose name is personal, and as what kind of entity it shows up elsewhere. */
const pseudonymKinds: Readonly<Partial<Record<ResourceKind, EntityKind>>> = {
  recipient: 'email',
  account: 'account',
}

const hexadecimal = (fingerprint: number): string => fingerprint.toString(16).padStart(13, '0')

const nameOf = ({ kind, name }: Resource, { fingerprint, digest }: Naming): string => {
  const entityKind = pseudonymKinds[kind]
  if (entityKind !== undefined) return hexadecimal(fingerprint(entityKind, name))
  return name.length <= maxNameCharacters ? name : `sha256:${digest(name).toString('hex')}`
}

/** Resources as they may be published: people and accounts as pseudonyms, names of bounded length. */
export const nameResources = (found: readonly Resource[], naming: Naming): readonly Resource[] =>
  found.map(resource => ({ kind: resource.kind, name: nameOf(resource, naming) }))
