import assert from 'node:assert/strict'
import { test } from 'node:test'

import { archiveFlags } from './class-archive.ts'

test('a run records an archive, uses one, or does without', () => {
  assert.ok(archiveFlags({ record: '/a.jsa' }).includes('-XX:ArchiveClassesAtExit=/a.jsa'))
  assert.ok(archiveFlags({ use: '/a.jsa' }).includes('-XX:SharedArchiveFile=/a.jsa'))
  assert.deepEqual(archiveFlags({ use: undefined }), [])
})
