import type { EntityKind } from '@cordon/schemas'

import { isHostName, isMailHost } from './host-name.ts'
import { isFileExtension } from './known-names.ts'
import {
  normaliseAccount,
  normaliseEmail,
  normaliseHost,
  normaliseIdentifier,
  normalisePath,
  normaliseUrl,
} from './normal-form.ts'

/** Takes one entity, normalised. */
export type EntitySink = (kind: EntityKind, value: string) => void

/** What an address with a scheme is: its URL and its host, or a path. */
export const addressEntities = (address: string, add: EntitySink): void => {
  const trimmed = trim(address, '', '.:!*&=')
  if (/^file:/i.test(trimmed)) return add('path', normalisePath(trimmed))
  const normal = normaliseUrl(trimmed)
  if (normal === undefined) return undefined
  if (normal.url !== normal.host) add('url', normal.url)
  return add('host', normal.host)
}

/** What a bare word is: nothing for most, two things where its ending is both a country and a kind of file. */
export const wordEntities = (raw: string, add: EntitySink): void => {
  const word = trim(raw, '-+%', '-+%@.\\')
  if (word.includes('@') && (emailEntities(word, add) || packageEntity(word, add))) return
  if (word.includes('/') || word.includes('\\')) separatedEntities(word, add)
  else if (word.includes('.')) dottedEntities(word, add)
  else plainEntities(word, add)
}

const emailEntities = (word: string, add: EntitySink): boolean => {
  let found = false
  for (let at = word.indexOf('@'); at >= 0; at = word.indexOf('@', at + 1)) {
    const local = trim(word.slice(startOfMailbox(word, at), at), '%+-.', '.')
    const host = trim(/^[A-Za-z0-9.-]*/.exec(word.slice(at + 1))?.[0] ?? '', '', '.-')
    if (local === '' || !isMailHost(host)) continue
    add('email', normaliseEmail(`${local}@${host}`))
    found = true
  }
  return found
}

/** `left-pad@6.6.6`, `@scope/name@1.0.0`: another version is another package. */
const packageEntity = (word: string, add: EntitySink): boolean => {
  const isPackage = /^[\w./-]{1,128}@v?\d{1,9}(?:\.[\w-]{1,32}){0,4}$/.test(word)
  if (isPackage) add('identifier', normaliseIdentifier(word))
  return isPackage
}

const startOfMailbox = (word: string, end: number): number => {
  let start = end
  while (start > 0 && /[A-Za-z0-9._%+-]/.test(word.charAt(start - 1))) start -= 1
  return start
}

const separatedEntities = (word: string, add: EntitySink): void => {
  const first = word.slice(0, word.search(/[/\\]/))
  const isAddress = isHostName(first)
  if (isAddress) addressEntities(word, add)
  if ((!isAddress || hasFileEnding(first)) && isPath(word)) add('path', normalisePath(word))
}

const dottedEntities = (word: string, add: EntitySink): void => {
  const isHost = isHostName(word)
  const isFile = hasFileEnding(word)
  if (isHost) add('host', normaliseHost(word))
  if (isFile) add('path', normalisePath(word))
  // `schema.table_17`, `object.member_17`: each part is a name of its own.
  if (!isHost && !isFile)
    for (const part of word.split('.')) if (isIdentifier(part)) add('identifier', normaliseIdentifier(part))
}

const isIdentifier = (word: string): boolean =>
  word.length >= 8 && /^[A-Za-z_][\w-]*$/.test(word) && /\d/.test(word)

/** A shorter word is no account and no date, and as an identifier only a reference: most numbers in a text end here. */
const shortestPlain = 7

const plainEntities = (word: string, add: EntitySink): void => {
  if (word.length < shortestPlain) {
    if (isReference(word)) add('identifier', normaliseIdentifier(word))
    return
  }
  if (!/^[\w-]+$/.test(word) || isDate(word)) return
  const digits = word.replaceAll(/\D/g, '').length
  const bare = word.replaceAll('-', '')
  if (bare.length === digits) {
    if (digits >= 7 && digits <= 34) add('account', normaliseAccount(word))
  } else if (digits >= 10 && /^[A-Za-z]{2}\d{2}[A-Za-z0-9]{10,30}$/.test(bare)) {
    add('account', normaliseAccount(word))
  } else if (digits > 0 && (word.length >= 8 || isReference(word)))
    add('identifier', normaliseIdentifier(word))
}

/** `INV-42`: short, but written as what others refer to. */
const isReference = (word: string): boolean => /^[A-Z]{2,6}-\d{1,7}$/.test(word)

const isDate = (word: string): boolean => /^\d{4}-\d{2}-\d{2}(?:T\d*)?$/.test(word)

const hasFileEnding = (word: string): boolean => isFileExtension(word.slice(word.lastIndexOf('.') + 1))

// `1/2`, `10/10/2020`, `he/she` and `text/html` are no paths; nor is a lone `//`.
const isPath = (word: string): boolean => {
  if (!/[A-Za-z]/.test(word)) return false
  if (/^(?:~|\.{1,2}|[A-Za-z]:)?[/\\]/.test(word)) return word.length > 2 && !/^\/\/[^/]*$/.test(word)
  if (/^(?:application|audio|font|image|multipart|text|video)\/[\w+-]+$/i.test(word)) return false
  return !/^[A-Za-z]{0,3}[/\\][A-Za-z]{0,3}$/.test(word)
}

// By hand: `/[.]+$/` takes quadratic time on a text of dots that does not end in one.
const trim = (text: string, leading: string, trailing: string): string => {
  let start = 0
  let end = text.length
  while (start < end && leading.includes(text.charAt(start))) start += 1
  while (end > start && trailing.includes(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}
