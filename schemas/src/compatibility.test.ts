import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compatibilityProblems } from './compatibility.ts'
import type { RecordName } from './generated/records.ts'
import { recordSchemas } from './generated/records.ts'
import { readReleased } from './released-schemas.ts'

for (const record of Object.keys(recordSchemas) as RecordName[]) {
  test(`${record} is compatible with all its released versions`, () => {
    const released = readReleased(record)
    assert.deepEqual(
      released.map(({ version }) => version),
      released.map((_, index) => index + 1),
      'released versions count from 1 without a hole',
    )
    assert.deepEqual(compatibilityProblems(recordSchemas[record], released), [])
  })
}

const schemaOf = (fields: readonly object[]): string =>
  JSON.stringify({ type: 'record', name: 'Sample', namespace: 'cordon', fields })

const id = { name: 'id', type: 'string' }
const standing = (symbols: readonly string[], more: object = {}): object => ({
  name: 'standing',
  type: { type: 'enum', name: 'Standing', symbols, ...more },
})

/** The problems of a change, both from and to what was released. */
const problemsOf = (before: readonly object[], after: readonly object[]): string[] =>
  compatibilityProblems(schemaOf(after), [{ version: 1, schema: schemaOf(before) }])

test('a field with a default may come and go', () => {
  const note = { name: 'note', type: ['null', 'string'], default: null }
  assert.deepEqual(problemsOf([id], [id, note]), [])
  assert.deepEqual(problemsOf([id, note], [id]), [])
})

test('an enum with a default may get a symbol', () => {
  const before = standing(['unknown', 'trusted'], { default: 'unknown' })
  const after = standing(['unknown', 'trusted', 'suspended'], { default: 'unknown' })
  assert.deepEqual(problemsOf([before], [after]), [])
})

test('fails a new field without a default', () => {
  assert.match(
    problemsOf([id], [id, { name: 'human', type: 'string' }]).join(),
    /^it cannot read what version 1 wrote/,
  )
})

test('fails a field that is gone and had no default', () => {
  assert.match(
    problemsOf([id, { name: 'human', type: 'string' }], [id]).join(),
    /^version 1 cannot read what it writes/,
  )
})

test('fails another type, also one that only the new schema can read', () => {
  assert.equal(problemsOf([{ name: 'id', type: 'string' }], [{ name: 'id', type: 'int' }]).length, 2)
  assert.match(
    problemsOf([{ name: 'size', type: 'int' }], [{ name: 'size', type: 'long' }]).join(),
    /^version 1 cannot read what it writes/,
  )
})

test('fails a new symbol of an enum without a default', () => {
  const problems = problemsOf([standing(['trusted'])], [standing(['trusted', 'suspended'])])
  assert.match(problems.join(), /^version 1 cannot read what it writes/)
})

test('looks at every released version, not only at the last', () => {
  const released = [
    { version: 1, schema: schemaOf([{ name: 'size', type: 'long' }]) },
    { version: 2, schema: schemaOf([]) },
  ]
  const problems = compatibilityProblems(schemaOf([{ name: 'size', type: 'string', default: '' }]), released)
  assert.ok(problems.length > 0)
  assert.ok(problems.every(problem => problem.includes('version 1')))
})
