import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import { faultInWords } from './fault-in-words.ts'

const faultOf = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error
  }
}

test('says what stood at the path; a code that has no words stays', () => {
  assert.equal(faultInWords(faultOf(() => readFileSync('/no/such/file'))), 'nothing of that name')
  assert.equal(faultInWords(faultOf(() => readFileSync('/'))), 'a folder')
  assert.equal(faultInWords(faultOf(() => mkdirSync(import.meta.filename))), 'a file')
  assert.equal(faultInWords(Object.assign(new Error('odd'), { code: 'EMFILE' })), 'EMFILE')
  assert.equal(faultInWords(new Error('odd')), 'an unknown fault')
})
