import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'

import type { ResourceExtractor } from '@cordon/policy'
import * as fc from 'fast-check'

import { extractEntities } from './entities.ts'
import { loadExtraction } from './sql-reading.ts'
import { extractTargets } from './targets.ts'

before(loadExtraction)

type Spelling = (plain: string, at: number) => string

const path: ResourceExtractor = { kind: 'path', argument: 'x', syntax: 'path' }
const url: ResourceExtractor = { kind: 'host', argument: 'x', syntax: 'url' }
const email: ResourceExtractor = { kind: 'recipient', argument: 'x', syntax: 'email' }
const sql: ResourceExtractor = { kind: 'table', argument: 'x', syntax: 'sql' }

/** Whether a call with this argument acts on something that this result named. */
const meets = (result: string, extractor: ResourceExtractor, argument: string): boolean => {
  const named = new Set(extractEntities(result).entities.map(({ kind, value }) => `${kind} ${value}`))
  const { entities } = extractTargets([extractor], { x: argument })
  return entities.some(({ kind, value }) => named.has(`${kind} ${value}`))
}

const inText = (text: string): string => `Please use \`${text}\` now.`

const escaped = (text: string): string =>
  text.replaceAll(/[^]/g, character => `%${character.charCodeAt(0).toString(16)}`)
const fullwidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, character => String.fromCharCode(character.charCodeAt(0) + 0xfe_e0))
const insert = (text: string, at: number, inserted: string): string => {
  const place = at % text.length
  return text.slice(0, place) + inserted + text.slice(place)
}

const everywhere: Readonly<Record<string, Spelling>> = {
  'the same': plain => plain,
  'upper case': plain => plain.toUpperCase(),
  'mixed case': (plain, at) =>
    plain.slice(0, at % plain.length) + plain.slice(at % plain.length).toUpperCase(),
  fullwidth,
  'a zero-width space': (plain, at) => insert(plain, at, '\u200B'),
  'a soft hyphen': (plain, at) => insert(plain, at, '\u00AD'),
  'a word joiner and a byte order mark': (plain, at) => insert(plain, at, '\u2060\uFEFF'),
}

const escapes: Readonly<Record<string, Spelling>> = {
  'percent-encoded': escaped,
  'separators percent-encoded': encodeURIComponent,
  'percent-encoded twice': plain => escaped(escaped(plain)),
  'percent-encoded fullwidth': plain => encodeURIComponent(fullwidth(plain)),
}

const ofPaths: Readonly<Record<string, Spelling>> = {
  ...everywhere,
  ...escapes,
  absolute: plain => `/srv/company/${plain}`,
  'on a drive': plain => `D:/company/${plain}`,
  'at home': plain => `~/${plain}`,
  'from here': plain => `./${plain}`,
  'from the folder above': plain => `../${plain}`,
  'through another folder': plain => `other/../${plain}`,
  'after a long way round': plain => `${'./'.repeat(500)}${plain}`,
  'doubled slashes': plain => plain.replaceAll('/', '//'),
  'dots between': plain => plain.replaceAll('/', '/./'),
  'a file address': plain => `file:///srv/company/${plain}`,
}

const ofHosts: Readonly<Record<string, Spelling>> = {
  ...everywhere,
  ...escapes,
  'ideographic dots': plain => plain.replaceAll('.', '。'),
}

const ofTables: Readonly<Record<string, Spelling>> = {
  unquoted: plain => plain,
  'upper case': plain => plain.toUpperCase(),
  quoted: plain => `"${plain}"`,
  'quoted with an escape': (plain, at) => `U&"${insertEscape(plain, at)}"`,
  'quoted with an escape of its own': (plain, at) =>
    `U&"${insertEscape(plain, at).replace('\\', '!')}" UESCAPE '!'`,
  'in a schema': plain => `hr.${plain}`,
  'in the public schema': plain => `public.${plain}`,
  'in a quoted schema': plain => `"Human Resources"."${plain}"`,
}

const insertEscape = (name: string, at: number): string => {
  const place = at % name.length
  const code = name.charCodeAt(place).toString(16).padStart(4, '0')
  return `${name.slice(0, place)}\\${code}${name.slice(place + 1)}`
}

const word = fc.stringMatching(/^[a-z]{4,9}$/)
const somePath = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), word, fc.integer({ min: 10, max: 9999 }))
  .map(([folders, name, number]) => `${folders.join('/')}/${name}-${number}.md`)
const someHost = fc.tuple(word, word).map(([first, second]) => `${first}-${second}.example`)
const someEmail = fc.tuple(word, someHost).map(([mailbox, host]) => `${mailbox}@${host}`)
const someTable = fc.tuple(word, word, fc.integer({ min: 100, max: 999 })).map(parts => parts.join('_'))
const place = fc.nat({ max: 40 })

const always = (plain: fc.Arbitrary<string>, holds: (plain: string, at: number) => boolean): void =>
  fc.assert(fc.property(plain, place, holds), { numRuns: 60 })

describe('a target meets the result that named it, however it is spelt', () => {
  for (const [name, spell] of Object.entries(ofPaths))
    test(`a path: ${name}`, () => {
      always(somePath, (plain, at) => meets(inText(plain), path, spell(plain, at)))
      always(somePath, (plain, at) => meets(inText(spell(plain, at)), path, plain))
    })

  test('a path: with backslashes', () =>
    always(somePath, plain => meets(inText(plain), path, plain.replaceAll('/', '\\'))))

  for (const [name, spell] of Object.entries(ofTables))
    test(`a table: ${name}`, () =>
      always(someTable, (plain, at) => {
        const query = `SELECT * FROM ${spell(plain, at)} AS t`
        return meets(inText(plain), sql, query) && meets(inText(`hr.${plain}`), sql, query)
      }))

  for (const [name, spell] of Object.entries(everywhere))
    test(`a table in a result: ${name}`, () =>
      always(someTable, (plain, at) => meets(inText(spell(plain, at)), sql, `SELECT * FROM ${plain}`)))

  for (const [name, spell] of Object.entries(ofHosts))
    test(`a host: ${name}`, () => {
      const inWhole = (host: string): string => `https://${host}/drop`
      always(someHost, (plain, at) => meets(inText(plain), url, inWhole(spell(plain, at))))
      always(someHost, (plain, at) => meets(inText(inWhole(spell(plain, at))), url, inWhole(plain)))
    })

  for (const [name, spell] of Object.entries({ ...everywhere, ...escapes }))
    test(`an e-mail address: ${name}`, () => {
      always(someEmail, (plain, at) => meets(inText(plain), email, spell(plain, at)))
      always(someEmail, (plain, at) => meets(inText(spell(plain, at)), email, plain))
    })
})

describe('a target meets a result that named a part of it', () => {
  const table: readonly (readonly [
    string,
    (host: string) => string,
    ResourceExtractor,
    (host: string) => string,
  ])[] = [
    ['a host, and a path through it', host => host, path, host => `/srv/outbox/${host}/rows-1.md`],
    [
      'a web address, and a path through its host',
      host => `https://${host}/x`,
      path,
      host => `outbox/${host}/rows`,
    ],
    [
      'a path, and a web address of a host in it',
      host => `outbox/${host}/rows-1.md`,
      url,
      host => `https://${host}/`,
    ],
    ['a host, and a mailbox there', host => host, email, host => `upload@${host}`],
    [
      'a mailbox, and a web address at its host',
      host => `eve@${host}`,
      url,
      host => `https://${host}:8443/x`,
    ],
    [
      'a mailbox, and a path through its host',
      host => `eve@${host}`,
      path,
      host => `outbox/${host}/rows-1.md`,
    ],
  ]
  for (const [name, result, extractor, argument] of table)
    test(name, () => always(someHost, host => meets(inText(result(host)), extractor, argument(host))))
})

describe('what only resembles what a result named is another thing', () => {
  const table: readonly (readonly [string, string, ResourceExtractor, string])[] = [
    ['a file of the same name elsewhere', '[FILE] 1234.md', path, 'replies/1234.md'],
    ['a file in a folder of another name', 'requests/1234.md', path, '/srv/replies/1234.md'],
    ['a colleague on the same host', 'From: ann@company.example', email, 'bob@company.example'],
    ['a host below another one', 'evil.example', url, 'https://good.evil.example/'],
    ['a table whose name begins alike', 'customers_123', sql, 'SELECT * FROM customers_1234'],
    [
      'an address that differs behind an escaped space',
      'https://a.example/x%20y',
      path,
      'https://b.example/x%20z',
    ],
  ]
  for (const [name, result, extractor, argument] of table)
    test(name, () => assert.equal(meets(result, extractor, argument), false))
})
