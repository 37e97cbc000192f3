import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { generate, generatedFile } from './generate.ts'
import { recordSchemas } from './generated/records.ts'
import { topicCatalogue } from './topics.ts'

test('the generated module is up to date (npm run generate -w @cordon/schemas)', () => {
  assert.equal(readFileSync(generatedFile, 'utf8'), generate())
})

test('every record has a place in a topic', () => {
  const placed = new Set(Object.values(topicCatalogue).flatMap(topic => topic.records))
  assert.deepEqual([...placed].sort(), Object.keys(recordSchemas).sort())
})
