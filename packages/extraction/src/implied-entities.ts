import { isHostName } from './host-name.ts'
import { isFileExtension } from './known-names.ts'
import type { ExtractedEntity } from './extracted-entity.ts'

/** What else an entity names by naming what it names; never more than its own parts. */
export type Implication = (entity: ExtractedEntity) => readonly ExtractedEntity[]

/** Nothing: the entity as it is written. */
export const impliedByNothing: Implication = () => []

/**
 * What an entity of a result implies. An e-mail address names its host, so that an argument that goes to that host meets
 * it. A host names every mailbox there. But an address does not name the other mailboxes of its host: colleagues share one,
 * and whoever had read one of them could write to none.
 */
export const impliedByResult: Implication = ({ kind, value }) => {
  if (kind === 'email') return [{ kind: 'host', value: hostOfMailbox(value) }]
  return kind === 'host' ? [anyMailboxAt(value)] : impliedByPath({ kind, value })
}

/**
 * What an entity of an argument implies: an address and a host name a mailbox there, which meets a host that a result named.
 * All of it says where the call goes.
 */
export const impliedByArgument: Implication = ({ kind, value }) => {
  if (kind === 'email') return [anyMailboxAt(hostOfMailbox(value))]
  return kind === 'host' ? [anyMailboxAt(value)] : impliedByPath({ kind, value })
}

const hostOfMailbox = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

const anyMailboxAt = (host: string): ExtractedEntity => ({ kind: 'email', value: `@${host}` })

// A file's name alone implies nothing: who lists a folder and then writes a file of the same name elsewhere does ordinary
// work. Two segments are what an absolute path and the relative one to the same file nearly always share.
const sharedSegments = 2

const impliedByPath = ({ kind, value }: ExtractedEntity): readonly ExtractedEntity[] => {
  if (kind !== 'path') return []
  const segments = value.split('/').filter(segment => !/^(?:|~|\.{1,2}|[a-z]:)$/.test(segment))
  const ending = segments.slice(-sharedSegments).join('/')
  return [
    ...(segments.length >= sharedSegments && ending !== value
      ? [{ kind: 'path', value: ending } as const]
      : []),
    ...segments
      .filter((segment, index) => isHostName(segment) && !(index === segments.length - 1 && isFile(segment)))
      .map(host => ({ kind: 'host', value: host }) as const),
  ]
}

const isFile = (segment: string): boolean => isFileExtension(segment.slice(segment.lastIndexOf('.') + 1))
