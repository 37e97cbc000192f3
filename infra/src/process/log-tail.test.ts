import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { logTail } from './log-tail.ts'

test('gives the last lines that say something', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-unit-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'a.log')
  await writeFile(file, 'one\n\ntwo  \nthree\n\n')
  assert.deepEqual(await logTail(file, 2), ['two', 'three'])
  assert.deepEqual(await logTail(join(folder, 'missing.log')), [])
})
