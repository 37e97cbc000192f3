import assert from 'node:assert/strict'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { findPostgresBinaries } from './postgres-binaries.ts'

test('follows a link on the path to the folder that has all programs', async t => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'cordon-unit-')))
  t.after(() => rm(folder, { recursive: true }))
  const binaries = join(folder, 'lib', '15', 'bin')
  const path = join(folder, 'bin')
  await mkdir(binaries, { recursive: true })
  await mkdir(path)
  for (const name of ['initdb', 'postgres'])
    await writeFile(join(binaries, name), '#!/bin/sh\n', { mode: 0o755 })
  await symlink(join(binaries, 'initdb'), join(path, 'initdb'))
  assert.equal(findPostgresBinaries(`/nonexistent:${path}`), binaries)
})
