import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { arrivedBytes, progressText } from './download-progress.ts'

test('counts what is there and what is arriving, and nothing else', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-unit-'))
  t.after(() => rm(folder, { recursive: true }))
  const place = join(folder, 'org', 'example')
  await mkdir(place, { recursive: true })
  await writeFile(join(place, 'whole.jar'), Buffer.alloc(100))
  await writeFile(join(place, 'whole.jar.sha1'), Buffer.alloc(40))
  await writeFile(join(place, 'arriving.jar.1234.tmp'), Buffer.alloc(30))
  await writeFile(join(place, 'unwanted.jar'), Buffer.alloc(1000))

  assert.equal(await arrivedBytes(folder, ['whole.jar', 'arriving.jar', 'awaited.jar']), 130)
  assert.equal(await arrivedBytes(join(folder, 'missing'), ['whole.jar']), 0)
})

test('says megabytes and per cent', () => {
  assert.equal(progressText(12_000_000, 45_000_000), '12 of 45 MB (26 %)')
  assert.equal(progressText(45_000_001, 45_000_000), '45 of 45 MB (100 %)')
})
