import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { CatalogueEntry } from './bundle.ts'
import { findCatalogueEntry, hasServer, isSensitive, pinsOf } from './catalogue.ts'

const entry = (over: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
  readOnly: false,
  sensitivity: 1,
  mode: 'enforce',
  resources: [],
  ...over,
})

const read = entry({ readOnly: true })
const anyOther = entry({ mode: 'gate' })
const catalogue = { 'files/read': read, 'files/*': anyOther, 'db/query': read }

test('a tool of its own entry, else of its server, else unknown', () => {
  assert.equal(findCatalogueEntry(catalogue, 'files', 'read'), read)
  assert.equal(findCatalogueEntry(catalogue, 'files', 'write'), anyOther)
  assert.equal(findCatalogueEntry(catalogue, 'db', 'write'), undefined)
  assert.equal(findCatalogueEntry(catalogue, 'mail', 'read'), undefined)
  assert.equal(hasServer(catalogue, 'db'), true)
  assert.equal(hasServer(catalogue, 'd'), false)
})

test('a tool named after a member of a prototype is unknown', () => {
  const empty = {}
  for (const name of ['constructor', '__proto__', 'toString'])
    assert.equal(findCatalogueEntry(empty, name, name), undefined)
})

test('sensitive is what changes something of worth, and every gated tool', () => {
  const table: readonly (readonly [Partial<CatalogueEntry>, boolean])[] = [
    [{ sensitivity: 1 }, false],
    [{ sensitivity: 2 }, true],
    [{ sensitivity: 3 }, true],
    [{ sensitivity: 3, readOnly: true }, false],
    [{ sensitivity: 0, mode: 'gate' }, true],
    [{ sensitivity: 0, mode: 'gate', readOnly: true }, true],
    [{ sensitivity: 2, mode: 'monitor' }, true],
  ]
  for (const [over, sensitive] of table)
    assert.equal(isSensitive(entry(over)), sensitive, JSON.stringify(over))
})

test('the pins of a server are those of its own tools', () => {
  const pinned = {
    ...catalogue,
    'files/write': entry({ definition: 'w' }),
    'file/s': entry({ definition: 's' }),
  }
  assert.deepEqual(pinsOf(pinned, 'files'), { write: 'w' })
  assert.deepEqual(pinsOf(pinned, 'db'), {})
})
