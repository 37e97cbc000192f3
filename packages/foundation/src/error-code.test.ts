import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

import { errorCode } from './error-code.ts'

test('is what the system says', async () => {
  const error: unknown = await readFile('/nowhere/at/all').catch((fault: unknown) => fault)
  assert.equal(errorCode(error), 'ENOENT')
})

test('is undefined where there is none', () => {
  const numbered = Object.assign(new Error('of another library'), { code: 7 })
  for (const error of [new Error('plain'), numbered, { code: 'ENOENT' }, 'ENOENT', undefined])
    assert.equal(errorCode(error), undefined)
})
