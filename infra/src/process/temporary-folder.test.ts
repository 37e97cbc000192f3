import assert from 'node:assert/strict'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { makeTemporaryFolder, removeStaleFolders } from './temporary-folder.ts'

const folderOf = (t: TestContext, removerPid: number): string => {
  const folder = makeTemporaryFolder('test', removerPid)
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'password'), 'secret')
  return folder
}

/** Larger than any that the system gives (proc_sys_kernel(5), pid_max). */
const nobody = 2 ** 22 + 1

test('what a process left behind is removed once it is gone, and nothing else', t => {
  const stale = folderOf(t, nobody)
  const used = folderOf(t, process.pid)
  const foreign = join(tmpdir(), `cordon-test-${nobody}-nothing`)
  const inOtherContainer = folderOf(t, nobody).replace(/-\d*-(\w{6})$/, '-1-$1')
  const link = join(tmpdir(), basename(stale).replace(/\w{6}$/, 'linked'))
  mkdirSync(foreign)
  mkdirSync(inOtherContainer)
  symlinkSync(used, link)
  const others = [foreign, inOtherContainer, link]
  t.after(() => others.forEach(path => rmSync(path, { recursive: true, force: true })))

  removeStaleFolders()
  assert.ok(!existsSync(stale))
  for (const path of [used, join(used, 'password'), ...others]) assert.ok(existsSync(path), path)
})
