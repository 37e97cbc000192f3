import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { folderChecksum } from './checksum.ts'
import { verifyFiles, verifyUnpacked } from './verify-files.ts'

// SHA-256 of "abc": FIPS 180-4, example 1
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const locked = { version: '1', files: { 'a.jar': { sha256: abc, bytes: 3 } } }

const folderWith = async (t: TestContext, files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-unit-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

test('accepts the very files of the lock', async t => {
  await verifyFiles(await folderWith(t, { 'a.jar': 'abc' }), locked)
})

test('rejects and removes a file that was changed', async t => {
  const folder = await folderWith(t, { 'a.jar': 'abd' })
  await assert.rejects(verifyFiles(folder, locked), {
    code: 'CHECKSUM_MISMATCH',
    message: /a\.jar: expected .*ba7816bf/,
  })
  assert.ok(!existsSync(join(folder, 'a.jar')))
})

test('rejects and removes a file that nobody locked', async t => {
  const folder = await folderWith(t, { 'a.jar': 'abc', 'b.jar': 'abc' })
  await assert.rejects(verifyFiles(folder, locked), {
    code: 'CHECKSUM_MISMATCH',
    message: /b\.jar: expected .*no such file/,
  })
  assert.ok(!existsSync(join(folder, 'b.jar')))
})

test('rejects a folder in which a file is missing', async t => {
  await assert.rejects(verifyFiles(await folderWith(t, {}), locked), { message: /a\.jar: .* got no file/ })
})

test('the checksum of a folder covers names and contents', async t => {
  const one = await folderWith(t, { a: 'x', b: 'y' })
  const same = await folderWith(t, { b: 'y', a: 'x' })
  const renamed = await folderWith(t, { a: 'x', c: 'y' })
  const checksum = await folderChecksum(one)
  assert.equal(await folderChecksum(same), checksum)
  assert.notEqual(await folderChecksum(renamed), checksum)
  await verifyUnpacked(one, 'thing', checksum)
  await assert.rejects(verifyUnpacked(renamed, 'thing', checksum), { code: 'CHECKSUM_MISMATCH' })
  assert.ok(!existsSync(renamed))
})
