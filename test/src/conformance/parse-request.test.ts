import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseConformanceRequest } from './parse-request.ts'

test('all versions, or one', () => {
  assert.deepEqual(parseConformanceRequest([]), { specVersion: undefined })
  assert.deepEqual(parseConformanceRequest(['--spec-version', '2025-06-18']), { specVersion: '2025-06-18' })
})

test('help starts nothing, and what is not understood is told in one line', () => {
  assert.equal(parseConformanceRequest(['--help']), undefined)
  assert.equal(
    parseConformanceRequest(['--spec-version', 'latest']),
    'expected one of 2025-03-26, 2025-06-18, 2025-11-25, 2026-07-28, draft, extension after --spec-version, got latest',
  )
  for (const args of [['--nosuch'], ['more']]) {
    const said = parseConformanceRequest(args)
    assert.ok(typeof said === 'string' && !said.includes('\n'), JSON.stringify(said))
  }
})
