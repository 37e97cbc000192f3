import assert from 'node:assert/strict'
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { makeFolder } from './folder-fixture.ts'
import { replaceOwnerFile } from './whole-file.ts'

test('what is replaced is for its owner alone, whatever its mode was', async t => {
  const folder = await makeFolder(t)
  const path = join(folder, 'secret')
  await writeFile(path, 'old')
  await chmod(path, 0o644)
  await replaceOwnerFile(path, 'new')
  assert.equal(await readFile(path, 'utf8'), 'new')
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(folder), ['secret'])
})

test('a draft that is refused leaves the file as it was, and nothing beside it', async t => {
  const folder = await makeFolder(t)
  const path = join(folder, 'secret')
  await replaceOwnerFile(path, 'old')
  const replaced = replaceOwnerFile(path, 'new', async draft => {
    assert.equal(await readFile(draft, 'utf8'), 'new')
    throw new Error('not this one')
  })
  await assert.rejects(replaced, /not this one/)
  assert.equal(await readFile(path, 'utf8'), 'old')
  assert.deepEqual(await readdir(folder), ['secret'])
})
