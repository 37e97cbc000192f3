import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { EntityKind } from '@cordon/schemas'

import type { ExtractedEntity } from './extracted-entity.ts'
import { type Implication, impliedByArgument, impliedByResult } from './implied-entities.ts'

const implied = (by: Implication, kind: EntityKind, value: string): string[] =>
  by({ kind, value }).map((entity: ExtractedEntity) => `${entity.kind} ${entity.value}`)

test('an entity implies its telling parts', () => {
  const table: readonly (readonly [EntityKind, string, readonly string[], readonly string[]])[] = [
    ['email', 'bob@evil.example', ['host evil.example'], ['email @evil.example']],
    ['host', 'evil.example', ['email @evil.example'], ['email @evil.example']],
    ['path', '/srv/a/b.txt', ['path a/b.txt'], ['path a/b.txt']],
    ['path', '/a/b.txt', ['path a/b.txt'], ['path a/b.txt']],
    ['path', 'c:/a/b.txt', ['path a/b.txt'], ['path a/b.txt']],
    ['path', '../a/b.txt', ['path a/b.txt'], ['path a/b.txt']],
    ['path', 'a/b.txt', [], []],
    ['path', '/b.txt', [], []],
    ['path', '~/b.txt', [], []],
    [
      'path',
      'out/evil.example/x',
      ['path evil.example/x', 'host evil.example'],
      ['path evil.example/x', 'host evil.example'],
    ],
    ['path', 'out/evil.example', ['host evil.example'], ['host evil.example']],
    ['path', 'out/readme.md', [], []],
    ['account', '12345678', [], []],
    ['identifier', 'inv-2024-0042', [], []],
    ['url', 'evil.example/x/y', [], []],
  ]
  for (const [kind, value, inResult, inArgument] of table) {
    assert.deepEqual(implied(impliedByResult, kind, value), inResult, value)
    assert.deepEqual(implied(impliedByArgument, kind, value), inArgument, value)
  }
})
