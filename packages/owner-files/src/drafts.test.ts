import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { draftOf, removeDrafts } from './drafts.ts'
import { makeFolder } from './folder-fixture.ts'
import { replaceOwnerFile } from './whole-file.ts'

const uuid = '0197b1a0-0000-4000-8000-000000000001'

/** Of a process that has ended. */
const deadPid = async (): Promise<number> => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid!
}

test('drafts of processes that do not live any more are abandoned, others are not', async t => {
  const folder = await makeFolder(t)
  const path = join(folder, 'secret')
  const own = draftOf(path)
  await writeFile(own, 'half')
  await writeFile(`${path}.${await deadPid()}.${uuid}`, 'half')
  // Nobody knows whose that is.
  await writeFile(`${path}.${uuid}`, 'half')
  assert.equal(await removeDrafts(path, 'abandoned'), 1)
  assert.deepEqual((await readdir(folder)).sort(), [`secret.${uuid}`, own.slice(folder.length + 1)].sort())
  assert.equal(await removeDrafts(path, 'all'), 2)
  assert.deepEqual(await readdir(folder), [])
})

test('what is no draft of that very file stays', async t => {
  const folder = await makeFolder(t)
  const path = join(folder, 'secret')
  const others = ['secret', `secret.json.1.${uuid}`, `secret.${uuid}.bak`, 'secret.1', `a.1.${uuid}`]
  for (const name of others) await writeFile(join(folder, name), 'other')
  assert.equal(await removeDrafts(path, 'all'), 0)
  assert.deepEqual((await readdir(folder)).sort(), others.sort())
})

test('where there is no folder there is no draft', async t => {
  assert.equal(await removeDrafts(join(await makeFolder(t), 'none', 'secret'), 'all'), 0)
})

test('a draft that is removed while it is written takes no place', async t => {
  const folder = await makeFolder(t)
  const path = join(folder, 'secret')
  const replaced = replaceOwnerFile(path, 'new', () => removeDrafts(path, 'all'))
  await assert.rejects(replaced, { code: 'ENOENT' })
  assert.deepEqual(await readdir(folder), [])
})
