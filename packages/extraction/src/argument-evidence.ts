import type { ArgumentEvidence, ResourceExtractor } from '@cordon/policy'

import { isCode, namesAction, namesCode, wordsOfName } from './argument-names.ts'
import { extractMentions } from './entities.ts'
import { readSql } from './sql-reading.ts'
import { looksLikeSql } from './sql-sketch.ts'

/** What earlier calls of the tool were given. */
export interface KnownForms {
  readonly reachesOut: boolean
  /** Arguments that held statements. */
  readonly sql: ReadonlySet<string>
}

const maxValues = 64
const maxDepth = 8
/** Addresses, paths and mailboxes are shorter. */
const maxNameCharacters = 512

/** The whole text is read by the engine; its beginning says where a call goes. */
const maxReadCharacters = 4096

/** They change rows, and nothing else. */
const rowOperations = new Set(['insert', 'update', 'merge', 'unparsable'])
const readingOperations = new Set(['explain', 'variableshow'])

/**
 * What the arguments of a call say about what it does, by their form and by what they are called, not by what their tool
 * is: statements, programs, addresses, paths. Bounded; never throws.
 * @throws CordonError `EXTRACTION_NOT_LOADED` before `loadExtraction`
 */
export const argumentEvidence = (
  args: Readonly<Record<string, unknown>>,
  known: KnownForms = { reachesOut: false, sql: new Set() },
): ArgumentEvidence => {
  const resources = new Map<string, ResourceExtractor>()
  const operations = new Set<string>()
  const actions: string[] = []
  const found = { sql: false, code: false, address: known.reachesOut }
  let valuesLeft = maxValues

  const readText = (argument: string, name: string, text: string): void => {
    if (known.sql.has(argument) || wordsOfName(name).at(-1) === 'sql' || looksLikeSql(text)) {
      found.sql = true
      for (const operation of readSql(text).operations) operations.add(operation)
      if (argument !== '') resources.set(argument, { kind: 'table', argument, syntax: 'sql' })
      return
    }
    if (namesCode(name) && isCode(name, text)) found.code = true
    else if (namesAction(name) && /^[A-Za-z][\w-]{0,39}$/.test(text)) actions.push(text)
    const kinds = kindsIn(text)
    if (hasAddress(kinds) && !kinds.has('path') && !kinds.has('email')) found.address = true
    const form = formOf(text.trim(), kinds)
    if (form !== undefined && argument !== '') resources.set(argument, { argument, ...form })
  }

  const read = (argument: string, name: string, node: unknown, depth: number): void => {
    valuesLeft -= 1
    if (valuesLeft < 0 || depth > maxDepth) return
    if (typeof node === 'string') readText(argument, name, node)
    else if (Array.isArray(node)) {
      // A command line in words.
      if (namesCode(name) && node.length > 1) found.code = true
      for (const item of node) read(argument, name, item, depth + 1)
    } else if (typeof node === 'object' && node !== null)
      for (const [member, value] of Object.entries(node))
        read(argument === '' ? member : `${argument}.${member}`, member, value, depth + 1)
  }

  read('', '', args, 0)
  return {
    reachesOut: found.address,
    ...(found.sql && { sql: sqlEffect(operations) }),
    runsCode: found.code,
    actions,
    resources: [...resources.values()],
  }
}

const sqlEffect = (operations: ReadonlySet<string>): NonNullable<ArgumentEvidence['sql']> => {
  const doing = [...operations].filter(operation => !readingOperations.has(operation))
  if (doing.length === 0) return 'reads'
  return doing.every(operation => rowOperations.has(operation)) ? 'writes' : 'commands'
}

/**
 * As which resource a whole value can be read; a text that only mentions one is none. Whom a call reaches, and accounts, are
 * judged as entities and as values already: as resources they would count twice.
 */
const formOf = (
  value: string,
  kinds: ReadonlySet<string>,
): Pick<ResourceExtractor, 'kind' | 'syntax'> | undefined => {
  if (value.length > maxNameCharacters || /\s/.test(value) || kinds.has('email')) return undefined
  // `notes.md` could be both.
  if (kinds.has('path')) return { kind: 'path', syntax: 'path' }
  return hasAddress(kinds) ? { kind: 'host', syntax: 'url' } : undefined
}

const hasAddress = (kinds: ReadonlySet<string>): boolean => kinds.has('url') || kinds.has('host')

const kindsIn = (text: string): ReadonlySet<string> =>
  new Set(extractMentions(text.slice(0, maxReadCharacters)).entities.map(({ kind }) => kind))
