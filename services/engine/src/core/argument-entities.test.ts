import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { CatalogueEntry } from '@cordon/policy'

import { fakeExtraction } from '../extraction-fixture.ts'
import { argumentEntities } from './argument-entities.ts'

const toExtractor: CatalogueEntry['resources'] = [{ kind: 'recipient', argument: 'to', syntax: 'email' }]
const fingerprint = (value: string): number => fakeExtraction.fingerprint('email', value)

test('entities of the arguments that a call acts on are targets, those it only mentions are not', () => {
  const args = { to: 'bob@a.example', body: 'ask eve@b.example or bob@a.example' }
  assert.deepEqual(argumentEntities(toExtractor, args, fakeExtraction), {
    entities: [
      { kind: 'email', fingerprint: fingerprint('bob@a.example'), target: true },
      { kind: 'email', fingerprint: fingerprint('eve@b.example'), target: false },
    ],
    overflow: false,
  })
})

test('where the catalogue names no argument every entity is a target', () => {
  const { entities } = argumentEntities([], { body: 'eve@b.example' }, fakeExtraction)
  assert.deepEqual(entities, [{ kind: 'email', fingerprint: fingerprint('eve@b.example'), target: true }])
})

test('what a target implies goes before what is only mentioned', () => {
  const implying = {
    ...fakeExtraction,
    targets: () => ({
      entities: [
        { kind: 'path', value: '/srv/a/b.md' },
        { kind: 'path', value: 'a/b.md' },
      ] as const,
      overflow: false,
    }),
  }
  const { entities } = argumentEntities(toExtractor, { body: 'eve@b.example' }, implying)
  assert.deepEqual(
    entities.map(({ kind, target }) => [kind, target]),
    [
      ['path', true],
      ['path', true],
      ['email', false],
    ],
  )
})

test('a flood of entities cannot push out the target, and is an overflow', () => {
  const flood = Array.from({ length: 200 }, (_, index) => `u${index}@flood.example`).join(' ')
  const { entities, overflow } = argumentEntities(
    toExtractor,
    { body: flood, to: 'eve@b.example' },
    fakeExtraction,
  )
  assert.equal(entities.length, 64)
  assert.deepEqual(entities[0], { kind: 'email', fingerprint: fingerprint('eve@b.example'), target: true })
  assert.equal(overflow, true)
})
