import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { takeDataFolder } from './data-folder.ts'

const take = (folder: string) => takeDataFolder(folder, () => undefined)

const temporary = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'data-folder-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('is made with everything above it, for its owner alone', async t => {
  const folder = join(temporary(t), 'a', 'b')
  const lock = await take(folder)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  lock.release()
  const again = await take(folder)
  again.release()
})

test('a file, a file on the way, and what no system makes a folder in: said in one line', async t => {
  const file = join(temporary(t), 'file')
  writeFileSync(file, '')
  await assert.rejects(take(file), {
    code: 'FOLDER_UNUSABLE',
    message: `${file}: expected a folder that can be made and written, got a file`,
  })
  await assert.rejects(take(join(file, 'below')), { code: 'FOLDER_UNUSABLE' })
  await assert.rejects(take('/dev/null/x'), { code: 'FOLDER_UNUSABLE' })
  // Linux's own tree answers ENOENT to every mkdir; elsewhere the root is not the user's.
  await assert.rejects(take('/proc/cordon-data'), { code: 'FOLDER_UNUSABLE' })
})
