import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import type { ResourceExtractor } from '@cordon/policy'

import { extractResources } from './resources.ts'
import { loadExtraction } from './sql-reading.ts'

before(loadExtraction)

const path: ResourceExtractor = { kind: 'path', argument: 'path', syntax: 'path' }

const names = (extractors: readonly ResourceExtractor[], args: Record<string, unknown>): string[] =>
  extractResources(extractors, args).map(({ kind, name }) => `${kind} ${name}`)

test('reads each syntax into one normal form', () => {
  const table: readonly (readonly [
    ResourceExtractor['kind'],
    ResourceExtractor['syntax'],
    unknown,
    readonly string[],
  ])[] = [
    ['table', 'sql', 'SELECT * FROM Users', ['table users']],
    ['table', 'sql', 'DELETE FROM users', ['table users', 'other sql:delete']],
    ['table', 'sql', 'no sql', ['other sql:unparsable']],
    ['host', 'url', 'HTTPS://Evil.Example:443/x?y', ['host evil.example']],
    ['other', 'url', 'https://evil.example/x/?y', ['other evil.example/x']],
    ['host', 'url', 'https://', ['other url:unparsable']],
    ['path', 'path', '/srv/./a/../b//c.txt', ['path /srv/b/c.txt']],
    ['recipient', 'email', ' Mallory <Mallory@Evil.Example>', ['recipient mallory@evil.example']],
    ['account', 'plain', 'gb29 NWBK 6016 1331 9268 19', ['account GB29NWBK60161331926819']],
    ['account', 'plain', 12345678, ['account 12345678']],
    ['host', 'plain', 'Evil.Example.', ['host evil.example']],
    ['host', 'plain', 'https://evil.example/x', ['host evil.example']],
    ['other', 'plain', ' general ', ['other general']],
    ['path', 'path', {}, ['other path:unparsable']],
    ['path', 'path', '', []],
    ['path', 'path', null, []],
  ]
  for (const [kind, syntax, value, expected] of table)
    assert.deepEqual(names([{ kind, syntax, argument: 'x' }], { x: value }), expected, String(value))
})

test('follows lists and dotted paths; an argument of that very name goes first', () => {
  assert.deepEqual(names([path], { path: ['/a', '/b', '/a'] }), ['path /a', 'path /b'])
  assert.deepEqual(
    names([{ ...path, argument: 'edits.path' }], { edits: [{ path: '/a' }, {}, { path: ['/b'] }] }),
    ['path /a', 'path /b'],
  )
  assert.deepEqual(names([{ ...path, argument: 'a.b' }], { 'a.b': '/a', a: { b: '/b' } }), ['path /a'])
  assert.deepEqual(names([{ ...path, argument: 'constructor' }], {}), [])
})

test('a call that touches very many things says so instead of hiding them', () => {
  const many = Array.from({ length: 300 }, (_, index) => `/f/${index}`)
  const resources = names([path], { path: many })
  assert.equal(resources.length, 64)
  assert.equal(resources.at(-1), 'other resources:too-many')
})
