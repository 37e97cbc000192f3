import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { takeLock } from './lock-file.ts'

const lockIn = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-unit-'))
  t.after(() => rm(folder, { recursive: true }))
  return join(folder, 'lock')
}

const sleeper = (t: TestContext): { readonly pid: number; readonly end: () => Promise<unknown> } => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  const end = (): Promise<unknown> => {
    child.kill('SIGKILL')
    return once(child, 'exit')
  }
  t.after(() => child.kill('SIGKILL'))
  return { pid: child.pid!, end }
}

test('one holder at a time, and the next after its release', async t => {
  const file = await lockIn(t)
  const lock = await takeLock(file, { what: 'thing', holderPid: process.pid, waitMs: 0 })
  await assert.rejects(takeLock(file, { what: 'thing', holderPid: process.pid, waitMs: 0 }), {
    code: 'FOLDER_IN_USE',
    message: new RegExp(`^thing: in use by process ${process.pid};`),
  })
  lock.release()
  const next = await takeLock(file, { what: 'thing', holderPid: process.pid, waitMs: 0 })
  next.release()
})

test('a holder that was killed holds nothing', async t => {
  const file = await lockIn(t)
  const holder = sleeper(t)
  await takeLock(file, { what: 'thing', holderPid: holder.pid, waitMs: 0 })
  await holder.end()
  const lock = await takeLock(file, { what: 'thing', holderPid: process.pid, waitMs: 0 })
  lock.release()
})

test('a lock is bound to the process that it was handed to', async t => {
  const file = await lockIn(t)
  const heir = sleeper(t)
  const lock = await takeLock(file, { what: 'thing', holderPid: process.pid, waitMs: 0 })
  lock.handTo(heir.pid)
  await assert.rejects(takeLock(file, { what: 'thing', holderPid: process.pid, waitMs: 0 }), {
    message: new RegExp(`in use by process ${heir.pid}`),
  })
  await heir.end()
  const next = await takeLock(file, { what: 'thing', holderPid: process.pid, waitMs: 0 })
  // The one that lost it has nothing to release any more.
  lock.release()
  await assert.rejects(takeLock(file, { what: 'thing', holderPid: process.pid, waitMs: 0 }))
  next.release()
})

test('of many that want it at once, each gets it alone', async t => {
  const file = await lockIn(t)
  let inside = 0
  const visit = async (): Promise<void> => {
    const lock = await takeLock(file, { what: 'thing', holderPid: process.pid, waitMs: 20_000 })
    inside += 1
    assert.equal(inside, 1)
    await new Promise(resolve => setTimeout(resolve, 5))
    inside -= 1
    lock.release()
  }
  await Promise.all(Array.from({ length: 4 }, visit))
})
