import assert from 'node:assert/strict'
import { test } from 'node:test'

import { inferCatalogueEntry } from './inferred-entry.ts'

test('a verb of reading makes a tool read-only', () => {
  for (const tool of ['read_file', 'getBalance', 'search-contacts', 'list']) {
    assert.equal(inferCatalogueEntry(tool).readOnly, true, tool)
  }
})

test('everything else is sensitive and gated, also what only begins like a verb of reading', () => {
  for (const tool of ['send_money', 'reader_update', 'getaway', '', '読む']) {
    const { readOnly, mode } = inferCatalogueEntry(tool)
    assert.deepEqual({ readOnly, mode }, { readOnly: false, mode: 'gate' }, tool)
  }
})
